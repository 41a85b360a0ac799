#include <braid/origin/site.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/testing/memory_transport.hpp>
#include <braid/testing/run_virtual.hpp>

using namespace braid;
using namespace braid::origin;
using namespace std::chrono_literals;

namespace {

struct answer {
  int status = 0;
  std::string head, body;
  bool ended = false, broken = false;  // how the stream ended, where it did
  duration took{};
  answer() = default;

  bool has(std::string_view line) const { return head.find(line) != head.npos; }
};

/// One request on a connection of its own.
awaitable<answer> ask(origin::site& site, std::string target, duration patience = 1h, std::string method = "GET") {
  auto ends = testing::memory_transport::make_pair();
  http::server server(site.handler());
  answer out;
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(server.serve(std::move(ends.second)));
    const time_point begin = co_await now();
    const std::string request = method + " " + target + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    co_await ends.first->write(asio::buffer(request));
    std::string text;
    struct closer : timer {
      testing::memory_transport* stream = nullptr;
    } bell;
    bell.stream = ends.first.get();
    const auto executor = co_await asio::this_coro::executor;
    bell.arm(timer_queue::of(executor), begin + patience, [](timer& t) { static_cast<closer&>(t).stream->close(); });
    for (;;) {
      char piece[4096];
      const net::io_result got = co_await ends.first->read_some(asio::buffer(piece));
      if (!got.ok()) {
        out.ended = got.error == asio::error::eof;
        out.broken = got.error == asio::error::connection_reset;
        break;
      }
      text.append(piece, got.size);
    }
    const time_point end = co_await now();
    out.took = end - begin;
    const auto blank = text.find("\r\n\r\n");
    out.head = text.substr(0, blank == text.npos ? text.size() : blank + 2);
    if (blank != text.npos) out.body = text.substr(blank + 4);
    if (out.head.size() > 12) out.status = std::stoi(out.head.substr(9, 3));
    ends.first->close();
  });
  co_return out;
}

answer ask_once(site_options options, std::string target, duration patience = 1h) {
  site it(std::move(options));
  return testing::run_virtual([&]() -> awaitable<answer> { return ask(it, target, patience); });
}

site_options with_fault(const char* faults) {
  site_options out;
  out.faults = fault_plan::parse(faults);
  return out;
}

constexpr const char* search = "/google/search?q=coffee";

}  // namespace

TEST_CASE("the site answers a search with the engine's page") {
  const answer got = ask_once({}, search);
  CHECK(got.status == 200);
  CHECK(got.has("Content-Type: text/html"));
  CHECK(got.body == render(engine::google, invent("coffee", 0, {}), {}));
}

TEST_CASE("latency is waited for, on searches alone") {
  site_options options;
  options.latency = latency_model::parse("100ms");
  CHECK(ask_once(options, search).took == 100ms);
  CHECK(ask_once(options, "/bytes/10").took == 100ms);
  CHECK(ask_once(options, "/robots.txt").took == 0ms);
  CHECK(ask_once(options, "/delay/2500").took == 2500ms);
}

TEST_CASE("each fault does to the answer what its name says") {
  const answer reset = ask_once(with_fault("reset:1"), search);
  CHECK(reset.broken);
  CHECK(reset.head.empty());

  const answer truncated = ask_once(with_fault("truncate:1"), search);
  CHECK(truncated.status == 200);
  CHECK(truncated.ended);
  CHECK(truncated.body.size() == render(engine::google, invent("coffee", 0, {}), {}).size() / 2);
  CHECK(truncated.has("Content-Length: " + std::to_string(render(engine::google, invent("coffee", 0, {}), {}).size())));

  const answer stalled = ask_once(with_fault("stall:1"), search, 30s);
  CHECK(stalled.status == 200);
  CHECK(stalled.took == 30s);
  CHECK_FALSE(stalled.ended);

  const answer too_many = ask_once(with_fault("429:1"), search);
  CHECK(too_many.status == 429);
  CHECK(too_many.has("Retry-After: 1\r\n"));
  CHECK(ask_once(with_fault("503:1"), search).status == 503);

  const answer blocked = ask_once(with_fault("block:1"), "/duckduckgo/html/?q=coffee");
  CHECK(blocked.status == 202);
  CHECK(blocked.body.find("anomaly-modal") != std::string::npos);

  const answer slow = ask_once(with_fault("slow:1"), search);
  CHECK(slow.status == 200);
  CHECK(slow.took == 1900ms);
  CHECK(slow.body == render(engine::google, invent("coffee", 0, {}), {}));
}

TEST_CASE("over the limit the answer is 429, and only then") {
  site_options options;
  options.limit = 10;
  site it(options);
  testing::run_virtual([&]() -> awaitable<void> {
    int refused = 0;
    for (int i = 0; i < 50; ++i) {  // 5 a second
      const answer got = co_await ask(it, search);
      refused += got.status == 429;
      co_await sleep_for(200ms);
    }
    CHECK(refused == 0);
    int passed = 0;
    for (int i = 0; i < 500; ++i) {  // 50 a second for 10 seconds
      const answer got = co_await ask(it, search);
      passed += got.status == 200;
      co_await sleep_for(20ms);
    }
    CHECK(passed >= 98);
    CHECK(passed <= 105);
    CHECK(it.stats().limited == 500u - static_cast<unsigned>(passed));
  });
}

TEST_CASE("the plain paths do what they say") {
  CHECK(ask_once({}, "/bytes/1000").body.size() == 1000);
  CHECK(ask_once({}, "/bytes/3000000").body.size() == 3'000'000);
  CHECK(ask_once({}, "/bytes/99999999999").status == 400);
  CHECK(ask_once({}, "/status/418").status == 418);
  CHECK(ask_once({}, "/status/100").status == 400);
  CHECK(ask_once({}, "/status/204").body.empty());
  CHECK(ask_once({}, "/redirect/3").has("Location: /redirect/2\r\n"));
  CHECK(ask_once({}, "/stream/2").has("Transfer-Encoding: chunked\r\n"));
  CHECK(ask_once({}, "/gzip").has("Content-Encoding: gzip\r\n"));
  CHECK(ask_once({}, "/nothing").status == 404);
  const auto echo = nlohmann::json::parse(ask_once({}, "/headers?x=%FF").body);
  CHECK(echo["target"] == "/headers?x=%FF");
  CHECK(echo["headers"][0][0] == "Host");
}

TEST_CASE("the statistics count what was in flight at once") {
  site_options options;
  options.latency = latency_model::parse("1s");
  site it(options);
  testing::run_virtual([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 20; ++i) {
        group.spawn([&]() -> awaitable<void> { co_await ask(it, search); });
      }
      co_return;
    });
    const answer got = co_await ask(it, "/stats");
    const auto stats = nlohmann::json::parse(got.body);
    CHECK(stats["searches"] == 20);
    CHECK(stats["max_in_flight"] == 20);
    CHECK(stats["in_flight"] == 0);
  });
}
