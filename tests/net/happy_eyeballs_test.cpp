#include "happy_eyeballs.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/testing/memory_transport.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>

#include "connect_race.hpp"
#include "net_fixture.hpp"

using namespace net_test;
using braid::duration;
using braid::time_point;
using braid::net::attempt_plan;
using braid::net::connect_options;
using braid::net::interleave;
using braid::net::resolve_override;
using braid::testing::memory_transport;
using braid::testing::run_virtual;
using step = attempt_plan::step;

namespace {

std::vector<endpoint> all(std::initializer_list<const char*> addresses) {
  std::vector<endpoint> out;
  for (const char* one : addresses) out.push_back(*endpoint::parse(one, 80));
  return out;
}

/// Binds `silent` to this port of ::1. True if another socket has it; a machine without IPv6 has nobody there.
bool taken_by_another(asio::ip::tcp::socket& silent, std::uint16_t port) {
  boost::system::error_code error;
  silent = asio::ip::tcp::socket(silent.get_executor());
  silent.open(asio::ip::tcp::v6(), error);
  if (!error) silent.bind({asio::ip::address_v6::loopback(), port}, error);
  return error == asio::error::address_in_use;
}

/// What happens to one attempt of a race.
struct fate {
  duration after;
  bool accepts;
};

struct race_log {
  std::vector<std::string> lines;  // "0 begins at 0", "1 given up at 300"
  std::string end;
};

/// Runs a race whose attempts go as `fates` say.
race_log race_of(std::vector<fate> fates, std::optional<duration> limit = {}) {
  race_log log;
  run_virtual([&]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::timer_queue& clock = braid::timer_queue::of(executor);
    const time_point begun = clock.now();
    const auto note = [&](std::size_t which, std::string what) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - begun).count();
      log.lines.push_back(std::to_string(which) + " " + what + " at " + std::to_string(ms));
    };
    const braid::net::attempt_function attempt =
        [&](std::size_t which, boost::system::error_code& error) -> awaitable<std::unique_ptr<transport>> {
      note(which, "begins");
      try {
        co_await braid::sleep_for(fates[which].after);
      } catch (const boost::system::system_error& stopped) {
        note(which, "given up");
        error = stopped.code();
      }
      std::unique_ptr<transport> stream;
      if (error) co_return stream;
      if (fates[which].accepts) {
        auto made = memory_transport::make_pair();
        made.first->name_peer(std::to_string(which));
        stream = std::move(made.first);
      } else {
        error = asio::error::connection_refused;
      }
      co_return stream;
    };
    std::vector<boost::system::error_code> errors;
    try {
      awaitable<std::unique_ptr<transport>> racing = braid::net::race(fates.size(), 250ms, attempt, errors);
      if (limit) racing = braid::with_timeout(*limit, std::move(racing), "connect");
      const std::unique_ptr<transport> winner = co_await std::move(racing);
      log.end = winner ? "won by " + winner->peer_description() : "lost";
    } catch (const braid::timeout_error&) {
      log.end = "late";
    }
    if (log.end == "lost") {
      for (const auto& error : errors) CHECK(error == asio::error::connection_refused);
    }
  });
  return log;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("families take turns beginning with that of the first address") {
  CHECK(interleave(all({"::1", "::2", "::3", "1.1.1.1", "1.1.1.2"})) ==
        all({"::1", "1.1.1.1", "::2", "1.1.1.2", "::3"}));
  CHECK(interleave(all({"1.1.1.1", "1.1.1.2", "1.1.1.3", "::1"})) == all({"1.1.1.1", "::1", "1.1.1.2", "1.1.1.3"}));
  CHECK(interleave(all({"1.1.1.1", "1.1.1.2", "1.1.1.3"})) == all({"1.1.1.1", "1.1.1.2", "1.1.1.3"}));
  CHECK(interleave(all({"::1", "1.1.1.1"})) == all({"::1", "1.1.1.1"}));
  CHECK(interleave({}).empty());
}

TEST_CASE("an attempt is begun after the delay or at once after a failure") {
  const time_point t0{};
  attempt_plan plan(3, 250ms);
  auto what = plan.next(t0);
  CHECK((what.what == step::begin && what.which == 0));
  what = plan.next(t0);
  CHECK((what.what == step::wait && what.until == t0 + 250ms));
  CHECK(plan.next(t0 + 249ms).what == step::wait);
  what = plan.next(t0 + 250ms);
  CHECK((what.what == step::begin && what.which == 1));
  CHECK(plan.next(t0 + 300ms).until == t0 + 500ms);
  plan.failed();
  what = plan.next(t0 + 310ms);
  CHECK((what.what == step::begin && what.which == 2));
  what = plan.next(t0 + 310ms);
  CHECK((what.what == step::wait && what.until == time_point::max()));
  plan.failed();
  CHECK(plan.next(t0 + 9s).what == step::wait);
  plan.failed();
  CHECK(plan.next(t0 + 9s).what == step::lost);
  CHECK(attempt_plan(0, 250ms).next(t0).what == step::lost);
}

TEST_CASE("a race is won by the first that accepts and the others are given up") {
  const race_log slow = race_of({{10s, true}, {100ms, true}, {1ms, true}});
  CHECK(slow.end == "won by 1");
  CHECK(slow.lines == lines{"0 begins at 0", "1 begins at 250", "0 given up at 350"});
  const race_log refused = race_of({{5ms, false}, {5ms, false}, {5ms, true}});
  CHECK(refused.end == "won by 2");
  CHECK(refused.lines == lines{"0 begins at 0", "1 begins at 5", "2 begins at 10"});
  const race_log patient = race_of({{300ms, true}, {10s, true}});
  CHECK(patient.end == "won by 0");
  CHECK(patient.lines == lines{"0 begins at 0", "1 begins at 250", "1 given up at 300"});
  CHECK(race_of({{10s, true}}).end == "won by 0");
}

TEST_CASE("a race that all lose ends with the last") {
  CHECK(race_of({{1s, false}, {1s, false}, {1s, false}}).end == "lost");
  CHECK(race_of({{1s, false}}).end == "lost");
}

TEST_CASE("a race that is cancelled gives up every attempt") {
  const race_log late = race_of({{10s, true}, {10s, true}, {10s, true}}, 400ms);
  CHECK(late.end == "late");
  CHECK(late.lines == lines{"0 begins at 0", "1 begins at 250", "0 given up at 400", "1 given up at 400"});
}

TEST_CASE("an address that does not answer holds nobody up") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listen_options tight;
    tight.backlog = 0;
    braid::net::listener deaf(executor, *endpoint::parse("127.0.0.2", 0), tight);
    // Its backlog is full with one connection: the system then drops what knocks.
    const auto filling = co_await braid::net::connect_socket(deaf.local_endpoint());
    const std::uint16_t port = deaf.local_endpoint().port();
    braid::net::listener door(executor, *endpoint::parse("127.0.0.3", port));
    connect_options options;
    options.attempt_delay = 1ms;
    options.overrides.push_back(
        resolve_override::parse("www.example:" + std::to_string(port) + ":127.0.0.2,127.0.0.3"));
    auto stream = co_await braid::net::connect("www.example", port, options);
    CHECK(stream->peer_description() == "127.0.0.3:" + std::to_string(port));
    options.timeout = 50ms;
    options.overrides[0] = resolve_override::parse("www.example:" + std::to_string(port) + ":127.0.0.2");
    std::string message;
    try {
      stream = co_await braid::net::connect("www.example", port, options);
    } catch (const braid::timeout_error& failure) {
      message = failure.what();
    }
    CHECK_THAT(message, Catch::Contains("timed out after 50 ms (connecting to 127.0.0.2:"));
  }());
}

TEST_CASE("an IPv6 address that refuses or cannot be reached leaves the turn to IPv4") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    // The port of ::1 is taken by a socket that does not listen, for a stranger could listen there as well.
    std::optional<braid::net::listener> door;
    asio::ip::tcp::socket silent(executor);
    do {
      door.emplace(executor, loopback());
    } while (taken_by_another(silent, door->local_endpoint().port()));
    const std::uint16_t port = door->local_endpoint().port();
    connect_options options;
    options.attempt_delay = 1h;
    options.overrides.push_back(resolve_override::parse("www.example:" + std::to_string(port) + ":::1,127.0.0.1"));
    auto stream = co_await braid::net::connect("www.example", port, options);
    CHECK(stream->peer_description() == "127.0.0.1:" + std::to_string(port));
    options.max_addresses = 1;
    std::string message;
    try {
      stream = co_await braid::net::connect("www.example", port, options);
    } catch (const braid::connect_error& failure) {
      message = failure.what();
    }
    CHECK_THAT(message, Catch::Contains(" (::1): "));
  }());
}
