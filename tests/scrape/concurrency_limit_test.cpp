#include <algorithm>
#include <braid/scrape/concurrency_limit.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <queue>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using namespace braid::scrape;
using braid::duration;
using braid::time_point;

namespace {

double seconds_of(duration time) { return std::chrono::duration<double>(time).count(); }

/// An origin on which a request takes `alone`, and longer when more than `capacity` are there: so much longer that it
/// gets less done then.
struct simulated_origin {
  double alone = 0.05;
  double capacity = 64;
  double spread = 0;  // of the logarithm of the times
  double failures = 0;
  std::mt19937 random{7};

  duration time_of(std::size_t under_way) {
    std::normal_distribution<double> normal(0, spread);
    const double slower = std::pow(std::max(1.0, static_cast<double>(under_way) / capacity), 1.5);
    return std::chrono::duration_cast<duration>(
        std::chrono::duration<double>(alone * slower * (spread > 0 ? std::exp(normal(random)) : 1)));
  }
};

struct outcome {
  double per_second = 0;  // in the last third
  std::size_t most = 0;   // under way, there
};

/// As many requests as `limit` says, all the time, for so long.
outcome run(simulated_origin origin, duration time, const std::function<std::size_t()>& limit,
            concurrency_limit* told = nullptr, const std::function<void(simulated_origin&, duration)>& change = {}) {
  struct request {
    time_point started, ends;
    bool operator<(const request& other) const { return ends > other.ends; }
  };
  std::priority_queue<request> under_way;
  const time_point begin{100s};
  time_point now = begin;
  std::uniform_real_distribution<double> chance(0, 1);
  std::size_t done = 0, most = 0;
  while (now < begin + time) {
    if (change) change(origin, now - begin);
    while (under_way.size() < limit()) {
      request next;
      next.started = now;
      next.ends = now + origin.time_of(under_way.size() + 1);
      under_way.push(next);
    }
    const bool counts = now > begin + time * 2 / 3;
    if (counts) most = std::max(most, under_way.size());
    const auto next = under_way.top();
    under_way.pop();
    now = next.ends;
    const bool failed = chance(origin.random) < origin.failures;
    done += counts && !failed;
    if (told != nullptr) told->record(next.started, now, failed, under_way.size());
  }
  outcome result;
  result.per_second = static_cast<double>(done) / seconds_of(time / 3);
  result.most = most;
  return result;
}

double best_fixed(const simulated_origin& origin, duration time) {
  double best = 0;
  for (const std::size_t fixed : {8, 16, 32, 48, 64, 80, 96, 128, 256, 512, 1000}) {
    best = std::max(best, run(origin, time, [fixed] { return fixed; }).per_second);
  }
  return best;
}

outcome adapted(const simulated_origin& origin, duration time, std::size_t start) {
  limit_options options;
  options.start = start;
  concurrency_limit limit(options);
  return run(
      origin, time, [&] { return limit.limit(); }, &limit);
}

}  // namespace

TEST_CASE("from far too many and from far too few the limit settles near the best") {
  simulated_origin origin;
  origin.spread = GENERATE(0.0, 0.3, 0.6);
  const std::size_t start = GENERATE(1U, 16U, 1000U);
  CAPTURE(origin.spread, start);
  const double best = best_fixed(origin, 60s);
  const auto found = adapted(origin, 90s, start);
  CAPTURE(best, found.per_second, found.most);
  CHECK(found.per_second > 0.8 * best);
}

TEST_CASE("a fixed number of a thousand gets much less done there") {
  const simulated_origin origin;
  CHECK(run(origin, 60s, [] { return std::size_t{1000}; }).per_second < 0.5 * best_fixed(origin, 60s));
}

TEST_CASE("an origin without bounds is used to the full") {
  simulated_origin origin;
  origin.capacity = 1e9;
  CHECK(adapted(origin, 300s, 16).most >= 900);
}

TEST_CASE("an origin that slows down is followed and so is its recovery") {
  simulated_origin origin;
  limit_options options;
  concurrency_limit limit(options);
  std::size_t before = 0, slow = 0;
  run(
      origin, 180s, [&] { return limit.limit(); }, &limit,
      [&](simulated_origin& changing, duration at) {
        changing.capacity = at > 60s && at < 120s ? 8 : 64;
        if (at < 60s) before = limit.limit();
        if (at < 120s) slow = limit.limit();
      });
  CAPTURE(before, slow, limit.limit());
  CHECK(before > 40);
  CHECK(slow < 20);
  CHECK(limit.limit() > 40);
}

TEST_CASE("many signs of overload lower the limit and few do not") {
  simulated_origin origin;
  origin.capacity = 1e9;
  origin.failures = 0.02;
  CHECK(adapted(origin, 120s, 64).most >= 64);
  origin.failures = 0.5;
  CHECK(adapted(origin, 120s, 64).most <= 16);
}

TEST_CASE("a limit that is not used does not rise") {
  limit_options options;
  options.start = 64;
  concurrency_limit limit(options);
  time_point now{100s};
  for (int i = 0; i < 100'000; ++i) {
    now += 1ms;
    limit.record(now - 5ms, now, false, 4);
  }
  CHECK(limit.rounds() > 100);
  CHECK(limit.limit() <= 64);
  CHECK(limit.alone() == 5ms);
  CHECK(limit.last() == 5ms);
}

TEST_CASE("a limit says why it changed") {
  limit_options options;
  options.start = 100;
  concurrency_limit limit(options);
  CHECK(limit.reason() == limit_reason::start);
  time_point now{100s};
  // A round of requests that began after the one before had ended.
  const auto round = [&](duration time, bool overload) {
    for (auto left = std::max<std::size_t>(16, limit.limit()); left > 0; --left) {
      limit.record(now, now + time, overload, limit.limit());
    }
    now += time + 1ms;
  };
  round(10ms, false);  // found an empty target, and says nothing
  CHECK(limit.reason() == limit_reason::start);
  round(10ms, false);
  CHECK(limit.reason() == limit_reason::probe);
  CHECK(limit.limit() == 50);
  round(5ms, false);
  CHECK(limit.reason() == limit_reason::probe_kept);
  round(5ms, true);
  CHECK(limit.reason() == limit_reason::overload);
  while (limit.reason() != limit_reason::probe) round(5ms, false);
  round(5ms, false);
  CHECK(limit.reason() == limit_reason::probe_over);
  round(5ms, false);
  CHECK(limit.reason() == limit_reason::room);
  round(20ms, false);
  CHECK(limit.reason() == limit_reason::queue);
  CHECK(to_string(limit_reason::probe_kept) == "probe_kept");
}
