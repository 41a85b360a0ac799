#include <braid/http/request_rates.hpp>

#include "client/origin_lane.hpp"
#include "h2_client_fixture.hpp"

using namespace client_tests;
using http::origin_lane;
using verdict = origin_lane::verdict;

namespace {

const time_point t0 = time_point() + 1h;

http::client_options at_rate(double per_second, double burst = 1) {
  http::client_options out;
  out.rates.each = {per_second, burst};
  return out;
}

/// When, after the start, each of these GETs was answered, in milliseconds, or what it failed with.
awaitable<std::vector<std::string>> answered_at(http::client client, std::vector<std::string> urls) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  timer_queue& timers = timer_queue::of(executor);
  const time_point begin = timers.now();
  std::vector<std::string> out(urls.size());
  const auto get = [&](std::size_t which) -> awaitable<void> {
    const std::string got = co_await outcome_of(client.get(urls[which]));
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timers.now() - begin).count();
    out[which] = got == "x" ? std::to_string(ms) : got;
  };
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (std::size_t i = 0; i < urls.size(); ++i) group.spawn(get(i));
    co_return;
  });
  co_return out;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a lane lets a burst go and the others one after another at the rate") {
  origin_lane lane({2, 2}, 10);
  origin_lane::ticket a, b, c, d;
  CHECK(lane.ask(a, t0) == verdict::go);
  CHECK(lane.ask(b, t0) == verdict::go);
  CHECK(lane.ask(c, t0) == verdict::wait);
  CHECK(lane.ask(d, t0) == verdict::wait);
  CHECK(lane.next(t0) == t0 + 500ms);
  CHECK(lane.serve(t0 + 499ms) == nullptr);
  CHECK(lane.serve(t0 + 500ms) == &c);
  CHECK(c.served);
  CHECK(lane.serve(t0 + 500ms) == nullptr);
  CHECK(lane.next(t0 + 500ms) == t0 + 1s);
  CHECK(lane.serve(t0 + 1s) == &d);
  CHECK_FALSE(lane.next(t0 + 1s));
}

TEST_CASE("a lane has a bound on who waits and who leaves takes nothing along") {
  origin_lane lane({1, 1}, 2);
  origin_lane::ticket a, b, c, d;
  CHECK(lane.ask(a, t0) == verdict::go);
  CHECK(lane.ask(b, t0) == verdict::wait);
  CHECK(lane.ask(c, t0) == verdict::wait);
  CHECK(lane.ask(d, t0) == verdict::refuse);
  lane.leave(b);
  lane.leave(b);
  CHECK(lane.waiting() == 1);
  CHECK(lane.ask(d, t0) == verdict::wait);
  CHECK(lane.serve(t0 + 1s) == &c);
  CHECK(lane.serve(t0 + 2s) == &d);
}

TEST_CASE("a lane that was paused goes on at its end and is quiet only when it is full and empty") {
  origin_lane lane({10, 2}, 5);
  CHECK(lane.is_quiet(t0));
  origin_lane::ticket a, b;
  CHECK(lane.ask(a, t0) == verdict::go);
  lane.pause_until(t0 + 5s);
  CHECK(lane.ask(b, t0 + 1s) == verdict::wait);
  CHECK(lane.next(t0 + 1s) == t0 + 5s);
  CHECK_FALSE(lane.is_quiet(t0 + 1h));
  CHECK(lane.serve(t0 + 5s) == &b);
  CHECK_FALSE(lane.is_quiet(t0 + 5s));
  CHECK(lane.is_quiet(t0 + 6s));
}

TEST_CASE("a host has a rate of its own before the one of all") {
  http::request_rates rates;
  CHECK(rates.empty());
  CHECK(rates.of("a") == nullptr);
  rates.host("API.example", {3});
  CHECK_FALSE(rates.empty());
  CHECK(rates.of("a") == nullptr);
  CHECK(rates.of("api.example")->per_second == 3);
  rates.each = {7, 2};
  CHECK(rates.of("a")->burst == 2);
  CHECK(rates.of("api.example")->per_second == 3);
}

TEST_CASE("requests to an origin keep to its rate and other origins do not wait for them") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client_options options = at_rate(10, 2);
    options.rates.host("quick", {1000, 1000});
    const http::client client = client_of(peer, std::move(options));
    list urls{"http://a/",  "http://a/2",    "http://a/3",   "http://a:8080/",
              "http://a/4", "http://quick/", "http://quick/"};
    const list got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{"0", "0", "100", "0", "200", "0", "0"});
  });
}

TEST_CASE("redirects and retries wait for their turn as well") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n");
      co_await w.read_request();
      co_await w.send("HTTP/1.1 502 Sorry\r\nContent-Length: 0\r\n\r\n");
      co_await w.answer_all(ok("x"));
    });
    http::client_options options = at_rate(1);
    options.retries.emplace();
    options.retries->base = 1ms;
    const http::client client = client_of(peer, std::move(options));
    list urls{"http://a/"};
    const list got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{"2000"});
  });
}

TEST_CASE("who waits for the rate is bounded by the total timeout and by a number") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client_options options = at_rate(1);
    options.rates.waiting = 2;
    options.timeouts.total = 1s;
    const http::client client = client_of(peer, std::move(options));
    list urls{"http://a/", "http://a/", "http://a/", "http://a/"};
    const list got = co_await answered_at(client, std::move(urls));
    // The first of those who wait has its turn in the moment in which it is too late.
    const std::string late =
        "timeout: GET http://a/: timed out after 1 s in total, waiting for its turn under the rate limit";
    CHECK(got == list{"0", late, late,
                      "limit_exceeded: GET http://a/: 2 requests wait for the rate limit of this origin already"});
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a request that is cancelled while it waits for the rate gives its turn to the next") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    const http::client client = client_of(peer, at_rate(1));
    co_await client.get("http://a/");
    try {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        group.spawn([&]() -> awaitable<void> { co_await client.get("http://a/"); });
        co_await sleep_for(500ms);
        throw std::runtime_error("enough");
      });
    } catch (const std::runtime_error&) {
    }
    list urls{"http://a/"};
    const list got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{"500"});
  });
}

TEST_CASE("the wait for the rate is told as a part of the queue") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    list seen;
    http::client_options options = at_rate(1);
    options.events = [&seen](const http::request_event& one) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(one.took).count();
      if (one.request == 2) seen.push_back(std::string(to_string(one.phase)) + " " + std::to_string(ms));
    };
    const http::client client = client_of(peer, std::move(options));
    co_await client.get("http://a/");
    const http::response got = co_await client.get("http://a/");
    CHECK(got.timings().queue == 1s);
    CHECK(seen == list{"begin 0", "queue 1000", "send 0", "first_byte 0", "body 0"});
  });
}

TEST_CASE("an answer of 429 holds the others back for as long as it says and no longer than the bound") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send("HTTP/1.1 429 Slow\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n");
      co_await w.read_request();
      co_await w.send("HTTP/1.1 503 Slow\r\nRetry-After: 3600\r\nContent-Length: 1\r\n\r\nx");
      co_await w.answer_all(ok("x"));
    });
    http::client_options options = at_rate(1000, 10);
    options.rates.longest_pause = 30s;
    const http::client client = client_of(peer, std::move(options));
    list urls{"http://a/"};
    list got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{""});
    urls = {"http://a/"};
    got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{"5000"});
    urls = {"http://a/"};
    got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{"30000"});
  });
}

TEST_CASE("h2: requests on a shared connection keep to the rate too") {
  run_virtual([]() -> awaitable<void> {
    h2_tests::memory_server server([](h2_tests::h2_peer& peer, std::int32_t id, const h2_tests::h2_peer::request&) {
      peer.respond(id, {{":status", "200"}}, "x");
    });
    const http::client client = server.client(at_rate(4));
    list urls(4, "http://a/");
    const list got = co_await answered_at(client, std::move(urls));
    CHECK(got == list{"0", "250", "500", "750"});
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("a rate of nothing is refused") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    const http::client client = client_of(peer, at_rate(0));
    const std::string got = co_await outcome_of(client.get("http://a/"));
    CHECK(got == "invalid_argument: token_bucket: rate must be above 0 and burst at least 1");
  });
}
