// Tasks have a parent. A group waits for all its tasks; the first that fails cancels the others, and its error arrives
// where the group was started. A time-out is the same thing with a clock.
//
// usage: example_04_groups SITE
#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include <iostream>

namespace {

using namespace std::chrono_literals;

braid::awaitable<void> fetch(const braid::http::client& client, std::string url) {
  auto response = co_await client.get(url);
  response.raise_for_status();
  std::cout << url << ": " << response.body().size() << " bytes\n";
}

braid::awaitable<void> fetch_all(const braid::http::client& client, std::string site) {
  co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
    group.spawn(fetch(client, site + "/bytes/1000"));
    group.spawn(fetch(client, site + "/bytes/2000"));
    group.spawn(fetch(client, site + "/delay/50"));
    co_return;
  });
}

braid::awaitable<void> one_fails(const braid::http::client& client, std::string site) {
  co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
    group.spawn(fetch(client, site + "/status/404"));
    group.spawn(fetch(client, site + "/delay/60000"));  // cancelled as soon as the other has failed
    co_return;
  });
}

braid::awaitable<void> program(std::string site) {
  braid::http::client client;
  co_await fetch_all(client, site);

  try {
    co_await one_fails(client, site);
  } catch (const braid::status_error& error) {
    std::cout << "one failed: " << error.what() << '\n';
  }

  try {
    co_await braid::with_timeout(100ms, fetch(client, site + "/delay/60000"));
  } catch (const braid::timeout_error& error) {
    std::cout << "too slow: " << error.what() << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string site = argc > 1 ? argv[1] : "http://127.0.0.1:8080";
  braid::runtime runtime;
  runtime.run([&] { return program(site); });
}
