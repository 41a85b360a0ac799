// The loops themselves, in virtual time against a server in memory: what is sent when, and from when latency counts.
#include <bench/load/load_work.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/testing/run_virtual.hpp>
#include <braid/testing/scripted_peer.hpp>

#include <catch2/catch.hpp>

using namespace braid;
using namespace braid::bench;
using namespace std::chrono_literals;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Answers each request after `each`, except number `slow` (from 0), which takes `stall`.
testing::scripted_peer::script answering(std::chrono::milliseconds each, int slow = -1,
                                         std::chrono::milliseconds stall = 0ms) {
  auto number = std::make_shared<int>(0);
  return [=](testing::wire& w) -> awaitable<void> {
    while (true) {
      const auto asked = co_await w.read_request();
      if (asked.empty()) co_return;
      co_await sleep_for((*number)++ == slow ? stall : each);
      co_await w.send(ok);
    }
  };
}

load_options options_of(unsigned connections) {
  load_options options;
  options.mix = {{1, "GET", "http://h/{n}", ""}};
  options.connections = connections;
  return options;
}

struct loop {
  load_tally tally;
  testing::scripted_peer peer;
  std::atomic<bool> interrupted{false};

  void run(const load_options& options, std::optional<std::chrono::nanoseconds> run_for,
           std::optional<std::uint64_t> count) {
    testing::run_virtual([&]() -> awaitable<void> {
      const load_job job(options);
      http::client_options of_client;
      of_client.connector = peer.connector();
      of_client.max_connections_per_host = options.connections;
      const http::client client(of_client);
      const auto begin = co_await now();
      const auto end = run_for ? std::optional(begin + *run_for) : std::nullopt;
      load_schedule schedule(options.rate, count, begin, end, interrupted);
      co_await load_work_on_context(options.connections, client, job, schedule, tally);
    });
  }
};

double ms(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

}  // namespace

TEST_CASE("a closed loop asks again when it is answered") {
  loop it;
  it.peer.always(answering(10ms));
  it.run(options_of(4), 1s, std::nullopt);
  CHECK(it.tally.done == 400);
  CHECK(it.tally.bytes == 800);
  CHECK(it.tally.statuses == std::map<int, std::uint64_t>{{200, 400}});
  CHECK(ms(it.tally.latency.max()) == 10.0);
  CHECK(it.tally.late.max() == 0);
  CHECK(it.peer.connections() == 4);
}

TEST_CASE("a loop ends with its number of requests") {
  loop it;
  it.peer.always(answering(10ms));
  it.run(options_of(4), std::nullopt, 7);
  CHECK(it.tally.done == 7);
}

TEST_CASE("an open loop sends at its rate however fast the answers are") {
  loop it;
  it.peer.always(answering(1ms));
  auto options = options_of(8);
  options.rate = 100;
  it.run(options, 2s, std::nullopt);
  CHECK(it.tally.done == 200);
  CHECK(ms(it.tally.latency.max()) == 1.0);
  CHECK(it.tally.late.max() == 0);
  CHECK(it.tally.last_sent == 1990ms);
}

TEST_CASE("a stall shows in all requests that it held up and not only in the one under way") {
  // One connection, 100 requests a second, each takes 1 ms; number 10 stalls for a second. Until the second is over,
  // 99 others come due and wait; they are then worked off at 1 ms each while new ones come due every 10 ms.
  loop it;
  it.peer.always(answering(1ms, 10, 1000ms));
  auto options = options_of(1);
  options.rate = 100;
  it.run(options, 4s, std::nullopt);
  CHECK(it.tally.done == 400);
  CHECK(ms(it.tally.service.percentile(99)) == Approx(1.0).epsilon(0.004));  // what a closed loop would tell
  CHECK(ms(it.tally.latency.max()) == 1000.0);
  // Request 11 came due 10 ms later and was answered 1 ms after the stall: 991 ms, and each one after it 9 ms less.
  // The 99th percentile of 400 is the fifth from above.
  CHECK(ms(it.tally.latency.percentile(99)) == Approx(964.0).epsilon(0.004));
  CHECK(ms(it.tally.latency.percentile(75)) > 90.0);
}

TEST_CASE("an open loop that cannot be served stops at its end and leaves the rest unsent") {
  loop it;
  it.peer.always(answering(100ms));
  auto options = options_of(2);
  options.rate = 100;  // five times what two connections bear
  it.run(options, 1s, std::nullopt);
  CHECK(it.tally.done < 25);
  CHECK(it.tally.done >= 20);
  CHECK(ms(it.tally.late.max()) >= 800.0);
}

TEST_CASE("Ctrl-C is not kept waiting by a low rate") {
  loop it;
  it.peer.always([&](testing::wire& w) -> awaitable<void> {
    co_await w.read_request();
    it.interrupted = true;
    co_await w.send(ok);
  });
  auto options = options_of(3);
  options.rate = 0.001;
  it.run(options, std::nullopt, 100);
  CHECK(it.tally.done == 1);
}

TEST_CASE("failures are counted by what they were and bad statuses are no successes") {
  loop it;
  it.peer.next([](testing::wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    co_await w.read_request();
    co_await w.send("nonsense\r\n\r\n");
  });
  it.run(options_of(1), std::nullopt, 3);  // the third is refused a connection
  CHECK(it.tally.done == 3);
  CHECK(it.tally.wrong == 3);
  CHECK(it.tally.latency.empty());
  CHECK(it.tally.statuses == std::map<int, std::uint64_t>{{503, 1}});
  CHECK(it.tally.errors == std::map<std::string, std::uint64_t>{{"connect_failed", 1}, {"protocol", 1}});
  CHECK_THAT(it.tally.examples["protocol"], Catch::Contains("http://h/1"));
}

TEST_CASE("a job asks for its mix by weight with the number in place of {n}") {
  load_options options;
  options.mix = {{2, "GET", "http://h/a{n}", ""}, {1, "POST", "http://h/b", "body"}};
  options.fields = {{"X-Test", "1"}};
  const load_job job(options);
  CHECK(job.request_of(0).url().str() == "http://h/a0");
  CHECK(job.request_of(1).method() == "POST");
  CHECK(job.request_of(1).body() == "body");
  CHECK(job.request_of(1).fields().get("X-Test") == "1");
  CHECK(job.request_of(2).url().str() == "http://h/a2");
  CHECK(job.request_of(302).url().str() == "http://h/a302");
}
