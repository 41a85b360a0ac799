// http_cost N: N requests of 1 KiB over 64 kept connections, to a server in a process of its own. cost_test.sh counts
// what that takes.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <braid/http/client.hpp>
#include <braid/http/server.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>

namespace {

using namespace braid;

constexpr int connections = 64;

/// The server: tells its port on standard output and serves until the parent kills it.
int serve() {
  runtime one;
  one.run([]() -> awaitable<void> {
    const std::string page(1024, 'x');
    http::server* here = nullptr;
    http::server_options options;
    options.on_listening = [&here] {
      std::printf("%u\n", here->local_port());
      std::fflush(stdout);
    };
    http::server site(
        [&page](http::server_request&) -> awaitable<http::reply> {
          http::reply out = http::reply::text(page);
          co_return out;
        },
        options);
    here = &site;
    site.listen("127.0.0.1", 0);
    co_await site.serve();
  });
  return 0;
}

awaitable<void> ask(http::client client, std::string url, long& left, long& good) {
  while (left-- > 0) {
    http::response got = co_await client.get(url);
    if (got.status() == 200 && got.body().size() == 1024) ++good;
  }
}

long requests(unsigned port, long count) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/";
  long left = count, good = 0;
  runtime one;
  one.run([&]() -> awaitable<void> {
    const http::client client;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < connections; ++i) group.spawn(ask(client, url, left, good));
      co_return;
    });
  });
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (std::string(argv[1]) == "serve") return serve();
  const long count = std::atol(argv[1]);
  int ends[2];
  if (pipe(ends) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(argv[0], "http_cost", "serve", static_cast<char*>(nullptr));
    _exit(1);
  }
  close(ends[1]);
  std::FILE* const from = fdopen(ends[0], "r");
  unsigned port = 0;
  const bool started = std::fscanf(from, "%u", &port) == 1;
  const long good = started ? requests(port, count) : 0;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  std::printf("%ld of %ld\n", good, count);
  return good == count ? 0 : 1;
}
