#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/robots_cache.hpp>
#include <braid/testing/run_virtual.hpp>
#include <braid/testing/scripted_peer.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace std::chrono_literals;
using namespace braid;
using namespace braid::scrape;
using testing::run_virtual;
using testing::scripted_peer;
using testing::wire;

namespace {

std::string answer(const std::string& status, const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

scripted_peer::script always(const std::string& text) {
  return [text](wire& w) { return w.answer_all(text); };
}

http::client_options options_for(const scripted_peer& peer) {
  http::client_options options;
  options.user_agent = "braid-test/1.0";
  options.connector = peer.connector();
  return options;
}

const auto page = url::parse("http://h.example/private/x");
const std::string refusal = "User-agent: braid-test\nDisallow: /private\n";

}  // namespace

TEST_CASE("an answer's status decides what holds and for how long") {
  using source = robots_verdict::source;
  const robots_options options;
  CHECK(judge_robots(200, options).from == source::file);
  CHECK(judge_robots(200, options).keep == 24h);
  CHECK(judge_robots(304, options).from == source::none);
  CHECK(judge_robots(404, options).from == source::none);
  CHECK(judge_robots(403, options).from == source::none);
  CHECK(judge_robots(429, options).from == source::unreachable);
  CHECK(judge_robots(500, options).from == source::unreachable);
  CHECK(judge_robots(0, options).from == source::unreachable);
  CHECK(judge_robots(0, options).keep == 5min);
}

TEST_CASE("many ask at once and the origin is asked once") {
  scripted_peer peer;
  peer.always(always(answer("200 OK", refusal)));
  robots_cache robots(options_for(peer), robots_options());
  int refused = 0;
  run_virtual([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 20; ++i) {
        group.spawn([&]() -> awaitable<void> {
          const bool allowed = co_await robots.allows(page);
          refused += !allowed;
        });
      }
      co_return;
    });
  });
  CHECK(refused == 20);
  REQUIRE(peer.requests().size() == 1);
  CHECK_THAT(peer.requests()[0], Catch::StartsWith("GET /robots.txt HTTP/1.1\r\n"));
  CHECK(robots.origins() == 1);
}

TEST_CASE("rules hold for a day") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send(answer("200 OK", refusal, "Connection: close\r\n"));
  });
  peer.always(always(answer("404 Not Found", "")));
  robots_cache robots(options_for(peer), robots_options());
  run_virtual([&]() -> awaitable<void> {
    bool allowed = co_await robots.allows(page);
    CHECK_FALSE(allowed);
    co_await sleep_for(23h);
    allowed = co_await robots.allows(page);
    CHECK_FALSE(allowed);
    CHECK(peer.requests().size() == 1);
    co_await sleep_for(1h);
    allowed = co_await robots.allows(page);
    CHECK(allowed);
    CHECK(peer.requests().size() == 2);
  });
}

TEST_CASE("an origin that cannot be asked allows nothing and is asked again soon") {
  scripted_peer peer;  // refuses every connection
  robots_cache robots(options_for(peer), robots_options());
  run_virtual([&]() -> awaitable<void> {
    bool allowed = co_await robots.allows(page);
    CHECK_FALSE(allowed);
    peer.always(always(answer("200 OK", "")));
    co_await sleep_for(1min);
    allowed = co_await robots.allows(page);
    CHECK_FALSE(allowed);
    co_await sleep_for(5min);
    allowed = co_await robots.allows(page);
    CHECK(allowed);
  });
}

TEST_CASE("an origin that fails later keeps its last rules") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send(answer("200 OK", refusal, "Connection: close\r\n"));
  });
  peer.always(always(answer("503 Service Unavailable", "")));
  robots_cache robots(options_for(peer), robots_options());
  const auto other = url::parse("http://h.example/public");
  run_virtual([&]() -> awaitable<void> {
    bool allowed = co_await robots.allows(other);
    CHECK(allowed);
    co_await sleep_for(25h);
    allowed = co_await robots.allows(other);
    CHECK(allowed);
    allowed = co_await robots.allows(page);
    CHECK_FALSE(allowed);
    CHECK(peer.requests().size() == 2);
  });
}

TEST_CASE("five redirects are followed and a sixth means that there are no rules") {
  const unsigned redirects = GENERATE(5U, 6U);
  scripted_peer peer;
  for (unsigned i = 0; i < redirects; ++i) {
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send(answer("302 Found", "", "Location: http://else.example/r\r\nConnection: close\r\n"));
    });
  }
  peer.always(always(answer("200 OK", refusal)));
  robots_cache robots(options_for(peer), robots_options());
  run_virtual([&]() -> awaitable<void> {
    const bool allowed = co_await robots.allows(page);
    CHECK(allowed == (redirects == 6));
  });
}

TEST_CASE("what stands behind the limit is not read") {
  scripted_peer peer;
  const std::string filler(500 * 1024, '\n');
  peer.always(always(answer("200 OK", filler + "User-agent: *\nDisallow: /\n")));
  robots_cache robots(options_for(peer), robots_options());
  run_virtual([&]() -> awaitable<void> {
    const bool allowed = co_await robots.allows(page);
    CHECK(allowed);
  });
}

TEST_CASE("a robots.txt that never ends is given up") {
  scripted_peer peer;
  peer.always([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 200 OK\r\n\r\n");
    while (true) {
      co_await w.send("#");
      co_await sleep_for(5s);
    }
  });
  robots_cache robots(options_for(peer), robots_options());
  run_virtual([&]() -> awaitable<void> {
    const auto begin = co_await now();
    const bool allowed = co_await robots.allows(page);
    CHECK_FALSE(allowed);
    const auto end = co_await now();
    CHECK(end - begin == 30s);
  });
}

TEST_CASE("when the one that asks is cancelled the next one asks") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> { co_await w.hang(); });
  peer.always(always(answer("404 Not Found", "")));
  robots_cache robots(options_for(peer), robots_options());
  bool allowed = false;
  run_virtual([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& all) -> awaitable<void> {
      all.spawn([&]() -> awaitable<void> {
        co_await with_task_group([&](task_group& first) -> awaitable<void> {
          first.spawn([&]() -> awaitable<void> { co_await robots.allows(page); });
          co_await sleep_for(2s);
          first.cancel();
        });
      });
      co_await sleep_for(1s);
      allowed = co_await robots.allows(page);
    });
  });
  CHECK(allowed);
  CHECK(peer.connections() == 2);
}

TEST_CASE("the oldest origins are forgotten") {
  scripted_peer peer;
  peer.always(always(answer("404 Not Found", "")));
  robots_options options;
  options.origins = 2;
  robots_cache robots(options_for(peer), options);
  run_virtual([&]() -> awaitable<void> {
    for (const std::string host : {"a", "b", "c"}) {
      const auto address = url::parse("http://" + host + ".example/");
      co_await robots.allows(address);
      co_await sleep_for(1s);
    }
    CHECK(robots.origins() == 2);
    const auto newest = url::parse("http://c.example/");
    co_await robots.allows(newest);
    CHECK(peer.requests().size() == 3);
  });
}
