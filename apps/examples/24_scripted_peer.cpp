// How your program takes a server's bad days, tested without a network and in no time: a scripted peer plays the
// server, over connections in memory. The first one is closed while it rests, the second says that it is busy.
#include <boost/asio/this_coro.hpp>
#include <braid/http/client.hpp>
#include <braid/testing/run_virtual.hpp>
#include <braid/testing/scripted_peer.hpp>
#include <iostream>

using braid::testing::wire;

int main() {
  braid::testing::scripted_peer server;
  server.next([](wire& w) -> braid::awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  server.next([](wire& w) -> braid::awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  server.always([](wire& w) { return w.answer_all("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain"); });

  braid::testing::run_virtual([&]() -> braid::awaitable<void> {
    braid::http::client_options options;
    options.connector = server.connector();
    options.retries.emplace();
    const braid::http::client client(options);
    for (int i = 0; i < 2; ++i) {
      const auto response = co_await client.get("http://shop.test/");
      std::cout << response.status() << ' ' << response.body() << '\n';
    }
    const auto executor = co_await boost::asio::this_coro::executor;
    std::cout << client.pool_state(executor) << '\n';
    co_await client.close();  // draining: returns when nothing is under way any more
    std::cout << client.pool_state(executor) << '\n';
  });
  std::cout << server.connections() << " connections, " << server.requests().size() << " requests\n";
}
