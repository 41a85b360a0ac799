#include <bench/common/progress_line.hpp>

#include <catch2/catch.hpp>

using namespace braid::bench;

TEST_CASE("progress shows how much of a known number is done") {
  CHECK(progress_text("concurrent", 400, {100, 0}, 2) ==
        "concurrent           [#####...............] 100/400  50.0 requests/s");
  CHECK(progress_text("concurrent", 400, {400, 0}, 0) == "concurrent           [####################] 400/400");
}

TEST_CASE("progress without a known number shows the count") {
  CHECK(progress_text("shared", std::nullopt, {1234, 0}, 1) == "shared               1,234  1,234 requests/s");
}
