#include "../../../apps/serp/worker/take_pace.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using braid::worker::take_pace;

TEST_CASE("a worker asks again when the queue says so, within bounds") {
  take_pace pace;
  CHECK(pace.after(1, 50ms, 0.5) == 50ms);
  CHECK(pace.after(1, 0ms, 0.5) == take_pace::shortest);
  CHECK(pace.after(1, -1ms, 0.5) == take_pace::shortest);
  CHECK(pace.after(0, 20ms, 0.9) == 20ms);
  CHECK(pace.after(0, 1h, 0) == 150ms);
}

TEST_CASE("a worker that finds no job waits with jitter") {
  take_pace pace;
  CHECK(pace.after(0, -1ms, 0) == 150ms);
  CHECK(pace.after(0, -1ms, 1) == 250ms);
}

TEST_CASE("a worker that others are faster than asks less often, up to a bound, until it gets something") {
  take_pace pace;
  CHECK(pace.after(0, 10ms, 1) == 10ms);
  CHECK(pace.after(0, 10ms, 1) == 20ms);
  CHECK(pace.after(0, 10ms, 1) == 40ms);
  CHECK(pace.after(0, 10ms, 1) == 80ms);
  CHECK(pace.after(0, 10ms, 1) == 80ms);
  CHECK(pace.after(0, 10ms, 0) == 10ms);
  CHECK(pace.after(0, 100ms, 1) == 250ms);
  CHECK(pace.after(2, 10ms, 1) == 10ms);
  CHECK(pace.after(0, 10ms, 1) == 10ms);
}
