#include <braid/core/error.hpp>
#include <braid/scrape/suspension.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace braid::scrape;

namespace {

const braid::time_point start{100s};

}  // namespace

TEST_CASE("a refusal suspends for as long as its kind says") {
  suspension one{suspension_times()};
  CHECK(one.refused(refusal::denied, {}, start) == start + 180s);
  CHECK(one.refused(refusal::captcha, {}, start + 1s) == start + 1s + 1h);
  // Requests that were on their way come back refused too.
  CHECK(one.refused(refusal::denied, {}, start + 2s) == start + 1s + 1h);
  CHECK(one.reason() == refusal::captcha);
  CHECK(one.count() == 1);
  CHECK(one.refused(refusal::denied, {}, start + 2h) == start + 2h + 180s);
  CHECK(one.count() == 2);
}

TEST_CASE("what the target asks for itself is obeyed") {
  CHECK(suspension(suspension_times()).refused(refusal::too_many, 20s, start) == start + 20s);
  CHECK(suspension(suspension_times()).refused(refusal::too_many, {}, start) == start + 180s);
  CHECK(suspension(suspension_times()).refused(refusal::denied, 20s, start) == start + 180s);
  CHECK(suspension(suspension_times()).refused(refusal::denied, 1h, start) == start + 1h);
}

TEST_CASE("failures in a row count up and an answer ends the row") {
  suspension one{suspension_times()};
  CHECK(one.refused(refusal::failure, {}, start) == start + 5s);
  CHECK(one.refused(refusal::failure, {}, start + 10s) == start + 20s);
  for (int i = 0; i < 100; ++i) one.refused(refusal::failure, {}, start + 1h);
  CHECK(one.until() == start + 1h + 120s);
  one.answered();
  CHECK(one.refused(refusal::failure, {}, start + 2h) == start + 2h + 5s);
}

TEST_CASE("durations are read from the command line") {
  const auto times = suspension_times::parse("captcha=10,429=0.5");
  CHECK(times.of(refusal::captcha) == 10s);
  CHECK(times.of(refusal::too_many) == 500ms);
  CHECK(times.of(refusal::denied) == 180s);
  CHECK_FALSE(times.none());
  CHECK(suspension_times::parse("off").none());
  CHECK_FALSE(suspension(suspension_times::off()).refused(refusal::captcha, 1h, start));
  for (const auto* wrong : {"captcha", "what=1", "captcha=", "captcha=-1", "captcha=1x", "captcha=1e99", "=1"}) {
    CHECK_THROWS_AS(suspension_times::parse(wrong), braid::invalid_argument);
  }
}
