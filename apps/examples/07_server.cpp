// A server in the same style. On a runtime of several contexts it serves on all of them, by the same line.
//
// usage: example_07_server [PORT]      then: curl 'http://127.0.0.1:PORT/hello?name=you'
#include <braid/http/server.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/task_group.hpp>
#include <iostream>

namespace {

namespace http = braid::http;

braid::awaitable<http::reply> answer(http::server_request& request) {
  if (request.path() == "/hello") {
    const std::string name = request.parameter("name").value_or("world");
    co_return http::reply::text("hello, " + name + "\n");
  }
  if (request.path() == "/echo") co_return http::reply::text(co_await request.body());
  co_return http::reply(404);
}

}  // namespace

int main(int argc, char** argv) {
  const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoul(argv[1]) : 0);
  http::server server(answer);
  server.listen("127.0.0.1", port);
  std::cout << "http://127.0.0.1:" << server.local_port() << std::endl;

  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::interrupt stop(co_await boost::asio::this_coro::executor);
    co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
      group.spawn(server.serve());
      co_await stop.wait();  // Ctrl-C: accept no more, let requests in flight finish
      group.cancel();
    });
  });
}
