#include <braid/scrape/pacer.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using braid::scrape::pacer_shared;

TEST_CASE("a pacer spaces turns evenly and never saves up") {
  pacer_shared pacer(1s);
  const braid::time_point start{100s};
  CHECK(pacer.reserve(start) == start);
  CHECK(pacer.reserve(start) == start + 1s);
  CHECK(pacer.reserve(start + 500ms) == start + 2s);
  CHECK(pacer.reserve(start + 60s) == start + 60s);
  CHECK(pacer.reserve(start + 60s) == start + 61s);
}

TEST_CASE("a pacer without an interval lets everybody through") {
  pacer_shared pacer;
  const braid::time_point start{100s};
  CHECK(pacer.reserve(start) == start);
  CHECK(pacer.reserve(start) == start);
}
