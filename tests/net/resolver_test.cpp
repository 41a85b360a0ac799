#include <atomic>
#include <braid/core/error.hpp>
#include <braid/net/resolver.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <mutex>

using namespace std::chrono_literals;
using braid::awaitable;
using braid::net::endpoint;
using braid::net::lookup_answer;
using braid::net::resolver;
using braid::net::resolver_options;
namespace asio = boost::asio;

namespace {

/// A DNS that answers from the test, and counts.
struct fake_dns {
  std::atomic<int> asked = 0;

  resolver::lookup_function lookup() {
    return [this](const std::string& host) {
      ++asked;
      lookup_answer answer;
      if (host == "nowhere.example") {
        answer.failure = "Name or service not known";
      } else if (host == "busy.example") {
        answer.failure = "Temporary failure in name resolution";
        answer.temporary = true;
      } else {
        answer.addresses.push_back(*endpoint::parse("10.0.0.1", 0));
        answer.addresses.push_back(*endpoint::parse("10.0.0.2", 0));
      }
      return answer;
    };
  }
};

awaitable<resolver*> here() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  co_return &resolver::of(executor);
}

awaitable<std::string> first_of(std::string host, std::uint16_t port = 80) {
  resolver* names = co_await here();
  const std::vector<endpoint> found = co_await names->resolve(host, port);
  co_return found.at(0).str();
}

awaitable<std::string> failure_of(std::string host) {
  try {
    co_await first_of(host);
  } catch (const braid::resolve_error& failure) {
    co_return failure.what();
  }
  co_return "found";
}

awaitable<void> ask_for_www() { co_await first_of("www.example"); }

}  // namespace

TEST_CASE("a numeric address is no question") {
  fake_dns dns;
  braid::testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await here();
    names->use_lookup(dns.lookup());
    const std::string four = co_await first_of("127.0.0.1", 8080);
    const std::string six = co_await first_of("::1", 8080);
    CHECK(four == "127.0.0.1:8080");
    CHECK(six == "[::1]:8080");
  });
  CHECK(dns.asked == 0);
}

TEST_CASE("a name is asked once for its time to live, whatever its case and port") {
  fake_dns dns;
  braid::testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await here();
    names->use_lookup(dns.lookup());
    const std::string one = co_await first_of("www.example", 80);
    const std::string two = co_await first_of("WWW.example", 443);
    CHECK(one == "10.0.0.1:80");
    CHECK(two == "10.0.0.1:443");
    CHECK(dns.asked == 1);
    co_await braid::sleep_for(59s);
    co_await first_of("www.example");
    CHECK(dns.asked == 1);
    co_await braid::sleep_for(2s);
    co_await first_of("www.example");
    CHECK(dns.asked == 2);
  });
}

TEST_CASE("an answer's own time to live holds within bounds") {
  const auto lasts = [](braid::duration told, braid::duration least, braid::duration most) {
    braid::duration seen{};
    braid::testing::run_virtual([&]() -> awaitable<void> {
      std::atomic<int> asked = 0;
      resolver* names = co_await here();
      resolver_options bounds;
      bounds.min_ttl = least;
      bounds.max_ttl = most;
      names->configure(bounds);
      names->use_lookup([&asked, told](const std::string&) {
        ++asked;
        lookup_answer answer;
        answer.addresses.push_back(*endpoint::parse("10.0.0.1", 0));
        answer.ttl = told;
        return answer;
      });
      while (asked < 2) {
        co_await first_of("www.example");
        if (asked == 2) break;
        co_await braid::sleep_for(1s);
        seen += 1s;
      }
    });
    return seen;
  };
  CHECK(lasts(20s, 5s, 60s) == 20s);
  CHECK(lasts(0s, 5s, 60s) == 5s);
  CHECK(lasts(1h, 5s, 60s) == 60s);
  CHECK(lasts(1h, 60s, 5s) == 60s);
}

TEST_CASE("a name without an address is remembered shortly, a temporary failure not at all") {
  fake_dns dns;
  braid::testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await here();
    names->use_lookup(dns.lookup());
    const std::string first = co_await failure_of("nowhere.example");
    const std::string second = co_await failure_of("nowhere.example");
    CHECK(first == "resolve nowhere.example: Name or service not known");
    CHECK(second == first);
    CHECK(dns.asked == 1);
    co_await braid::sleep_for(3s);
    co_await failure_of("nowhere.example");
    CHECK(dns.asked == 2);
    co_await failure_of("busy.example");
    const std::string again = co_await failure_of("busy.example");
    CHECK(again == "resolve busy.example: Temporary failure in name resolution");
    CHECK(dns.asked == 4);
  });
}

TEST_CASE("coroutines that want the same name share one lookup") {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::atomic<int> asked = 0;
  int found = 0;
  braid::testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await here();
    names->use_lookup([&, gone](const std::string&) {
      ++asked;
      gone.wait();
      lookup_answer answer;
      answer.addresses.push_back(*endpoint::parse("10.0.0.1", 0));
      return answer;
    });
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      for (int i = 0; i < 10; ++i) {
        group.spawn([](int& count) -> awaitable<void> {
          const std::string address = co_await first_of("www.example");
          if (address == "10.0.0.1:80") ++count;
        }(found));
      }
      co_await braid::yield();
      go.set_value();
    });
  });
  CHECK(asked == 1);
  CHECK(found == 10);
}

TEST_CASE("who is cancelled leaves the lookup, which still fills the cache") {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::atomic<int> asked = 0;
  braid::testing::virtual_runner runner;
  runner.run([&]() -> awaitable<void> {
    resolver* names = co_await here();
    names->use_lookup([&, gone](const std::string&) {
      ++asked;
      gone.wait();
      lookup_answer answer;
      answer.addresses.push_back(*endpoint::parse("10.0.0.1", 0));
      return answer;
    });
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      group.spawn(ask_for_www());
      co_await braid::yield();
      group.cancel();
      co_return;
    });
    CHECK(asked <= 1);
    go.set_value();
    const std::string found = co_await first_of("www.example");
    CHECK(found == "10.0.0.1:80");
    CHECK(asked == 1);
  });
}

TEST_CASE("the cache holds no more names than it is told to") {
  fake_dns dns;
  braid::testing::run_virtual([&]() -> awaitable<void> {
    resolver* names = co_await here();
    names->use_lookup(dns.lookup());
    resolver_options options;
    options.max_names = 3;
    names->configure(options);
    for (int i = 0; i < 10; ++i) co_await first_of("host" + std::to_string(i));
    CHECK(names->size() == 3);
    CHECK(dns.asked == 10);
    co_await first_of("host9");
    CHECK(dns.asked == 10);
    co_await first_of("host0");
    CHECK(dns.asked == 11);
  });
}

TEST_CASE("a context that goes leaves a lookup behind without harm") {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::promise<void> over;
  {
    braid::testing::virtual_runner runner;
    runner.run([&]() -> awaitable<void> {
      resolver* names = co_await here();
      names->use_lookup([&, gone](const std::string&) {
        gone.wait();
        over.set_value();
        return lookup_answer();
      });
      co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
        group.spawn(ask_for_www());
        co_await braid::yield();
        group.cancel();
        co_return;
      });
    });
  }
  go.set_value();
  over.get_future().wait();
}

TEST_CASE("the system resolves localhost") {
  std::string found;
  braid::testing::virtual_runner runner;
  runner.run([&]() -> awaitable<void> { found = co_await first_of("localhost", 7); });
  CHECK((found == "127.0.0.1:7" || found == "[::1]:7"));
}
