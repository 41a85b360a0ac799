// Lookups that ask the DNS themselves: resolver::use_dns.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/core/error.hpp>
#include <braid/net/resolver.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <iterator>

#include "dns_server.hpp"

using namespace std::chrono_literals;
using namespace braid;
using net::resolver;
using net_test::dns_server;

namespace {

/// False, and says so, where there is nothing to test.
bool is_there() {
  if (!resolver::has_dns()) WARN("SKIPPED: built without c-ares");
  return resolver::has_dns();
}

awaitable<resolver*> resolver_for(const dns_server& server) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  resolver* names = &resolver::of(executor);
  net::dns_options options;
  options.servers.push_back(server.place());
  options.timeout = 50ms;
  names->use_dns(options);
  co_return names;
}

/// The addresses in order, or the failure.
awaitable<std::string> ask(resolver* names, std::string host) {
  std::vector<std::string> texts;
  try {
    const std::vector<net::endpoint> found = co_await names->resolve(host, 80);
    for (const net::endpoint& one : found) texts.push_back(one.str());
  } catch (const resolve_error& failure) {
    co_return failure.what();
  }
  std::sort(texts.begin(), texts.end());
  std::string out;
  for (const std::string& one : texts) out += one + " ";
  co_return out;
}

awaitable<void> ask_in_vain(resolver* names, std::string host) { co_await ask(names, std::move(host)); }

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

}  // namespace

TEST_CASE("dns: addresses of both families come and hold for their time to live") {
  if (!is_there()) return;
  dns_server server;
  server.say("www.test", {{"10.0.0.1", "fd00::1", "10.0.0.2"}, 30});
  testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await resolver_for(server);
    const std::string found = co_await ask(names, "www.test");
    CHECK(found == "10.0.0.1:80 10.0.0.2:80 [fd00::1]:80 ");
    co_await sleep_for(29s);
    co_await ask(names, "WWW.test");
    CHECK(server.asked("www.test") == 1);
    co_await sleep_for(2s);
    co_await ask(names, "www.test");
    CHECK(server.asked("www.test") == 2);
  });
}

TEST_CASE("dns: a name that there is not is remembered and a server's trouble is not") {
  if (!is_there()) return;
  dns_server server;
  server.say("broken.test", {{}, 0, 2});
  server.say("empty.test", {});
  testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await resolver_for(server);
    for (int i = 0; i < 2; ++i) {
      const std::string none = co_await ask(names, "none.test");
      CHECK(none == "resolve none.test: Domain name not found");
      const std::string empty = co_await ask(names, "empty.test");
      CHECK(empty.starts_with("resolve empty.test: "));
    }
    CHECK(server.asked("none.test") == 1);
    CHECK(server.asked("empty.test") == 1);
    const std::string trouble = co_await ask(names, "broken.test");
    CHECK(trouble.starts_with("resolve broken.test: "));
    const int before = server.asked("broken.test");
    co_await ask(names, "broken.test");
    CHECK(server.asked("broken.test") > before);
    const std::string impossible = co_await ask(names, std::string(300, 'x') + ".test");
    CHECK(impossible.starts_with("resolve xxx"));
  });
}

TEST_CASE("dns: a question that is lost is asked again") {
  if (!is_there()) return;
  dns_server server;
  server.say("www.test", {{"10.0.0.1"}, 30, 0, 1});
  testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await resolver_for(server);
    const std::string found = co_await ask(names, "www.test");
    CHECK(found == "10.0.0.1:80 ");
    CHECK(server.asked("www.test") == 2);
  });
}

TEST_CASE("dns: lookups do not wait for one another and end with the last who waits") {
  if (!is_there()) return;
  dns_server server;
  server.say("www.test", {{"10.0.0.1"}});
  server.say("silent.test", {{"10.0.0.1"}, 60, 0, 1000});
  testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await resolver_for(server);
    const std::size_t files = open_files();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 40; ++i) group.spawn(ask_in_vain(names, std::to_string(i) + ".silent.test"));
      for (int i = 0; i < 3; ++i) group.spawn(ask_in_vain(names, "silent.test"));
      const std::string found = co_await ask(names, "www.test");
      CHECK(found == "10.0.0.1:80 ");
      CHECK(names->size() >= 2);
      group.cancel();
    });
    CHECK(open_files() == files);
    CHECK(names->size() <= 41);  // those that there are not may have been told already
    server.say("silent.test", {{"10.0.0.7"}});
    const std::string now = co_await ask(names, "silent.test");
    CHECK(now == "10.0.0.7:80 ");
  });
}

TEST_CASE("dns: one of two who wait may go without ending the lookup") {
  if (!is_there()) return;
  dns_server server;
  server.say("www.test", {{"10.0.0.1"}, 60, 0, 1});
  testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await resolver_for(server);
    std::string found;
    co_await with_task_group([&](task_group& both) -> awaitable<void> {
      both.spawn([](resolver* in, std::string& into) -> awaitable<void> { into = co_await ask(in, "www.test"); }(
                                                         names, found));
      co_await with_task_group([&](task_group& one) -> awaitable<void> {
        one.spawn(ask_in_vain(names, "www.test"));
        co_await yield();
        one.cancel();
      });
    });
    CHECK(found == "10.0.0.1:80 ");
    CHECK(server.asked("www.test") == 2);
  });
}

TEST_CASE("dns: a context that goes takes its lookups along") {
  if (!is_there()) return;
  dns_server server;
  server.say("silent.test", {{"10.0.0.1"}, 60, 0, 1000});
  const std::size_t files = open_files();
  {
    asio::io_context io;
    net::dns_options options;
    options.servers.push_back(server.place());
    resolver::of(io).use_dns(options);
    asio::co_spawn(io, ask_in_vain(&resolver::of(io), "silent.test"), asio::detached);
    while (server.asked("silent.test") == 0) io.run_one();
    CHECK(open_files() > files);
  }
  CHECK(open_files() == files);
}

TEST_CASE("dns: what is no server is refused") {
  asio::io_context io;
  net::dns_options options;
  options.servers.push_back("ns.example");
  CHECK_THROWS_AS(resolver::of(io).use_dns(options), invalid_argument);
}
