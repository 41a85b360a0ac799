#include <bench/command_line.hpp>
#include <bench/common/duration_text.hpp>

#include <catch2/catch.hpp>

using namespace braid::bench;
using namespace std::chrono_literals;

namespace {

command parse(std::vector<const char*> words) {
  words.insert(words.begin(), "braid-bench");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

modes_options accepted(std::vector<const char*> words) {
  words.insert(words.begin(), "modes");
  auto parsed = parse(std::move(words));
  if (const auto* refused = std::get_if<early_exit>(&parsed)) {
    FAIL(refused->text);
  }
  return std::get<modes_options>(parsed);
}

early_exit refused(std::vector<const char*> words) {
  words.insert(words.begin(), "modes");
  auto parsed = parse(std::move(words));
  REQUIRE(std::holds_alternative<early_exit>(parsed));
  return std::get<early_exit>(parsed);
}

}  // namespace

TEST_CASE("without options it makes 400 requests of 100 ms in all five modes") {
  const auto o = accepted({});
  CHECK(o.requests == 400);
  CHECK(o.latency == 100ms);
  CHECK(o.concurrency == 100);
  CHECK(o.contexts == usable_cores());
  CHECK(o.plans().size() == 5);
  CHECK(o.requests_of(mode::sequential) == 400);
  CHECK(o.target.empty());
  CHECK(o.repeat == 3);
  CHECK(o.warm_up == 500ms);
}

TEST_CASE("durations and sizes are read with their units") {
  const auto o = accepted({"--duration", "1.5s", "--latency", "250us", "--page-bytes", "300K"});
  CHECK(o.run_for == std::chrono::nanoseconds(1500ms));
  CHECK_FALSE(o.requests.has_value());
  CHECK(o.latency == 250us);
  CHECK(o.page_bytes == 300 * 1024);
  CHECK(accepted({"--latency", "7"}).latency == 7ms);
  CHECK(accepted({"--warm-up", "0"}).warm_up == 0ms);
  CHECK(accepted({"--warm-up", "2"}).warm_up == 2s);
  CHECK(accepted({"--duration", "7"}).run_for == std::chrono::nanoseconds(7s));
}

TEST_CASE("a duration is a number and a unit and nothing else") {
  CHECK(parse_duration("2min", 1s) == std::chrono::nanoseconds(2min));
  CHECK(parse_duration("0", 1ms) == 0ns);
  CHECK(parse_duration("1e3us", 1ms) == 1ms);
  for (const auto* wrong : {"", "ms", "-1ms", "1 ms", "1h", "1msx", "nan", "inf", "1e300s", "25000min"}) {
    INFO(wrong);
    CHECK_FALSE(parse_duration(wrong, 1ms).has_value());
  }
}

TEST_CASE("the option --only picks modes and keeps their order") {
  const auto plans = accepted({"--only", "shared,sequential"}).plans();
  REQUIRE(plans.size() == 2);
  CHECK(plans[0].kind == mode::sequential);
  CHECK(plans[1].kind == mode::shared);
}

TEST_CASE("the option --sequential-requests shortens the sequential mode only") {
  const auto o = accepted({"--requests", "400", "--sequential-requests", "40"});
  CHECK(o.requests_of(mode::sequential) == 40);
  CHECK(o.requests_of(mode::concurrent) == 400);
}

TEST_CASE("the option --contexts takes auto or a number") {
  CHECK(accepted({"--contexts", "3"}).contexts == 3);
  CHECK(accepted({"--contexts", "auto"}).contexts == usable_cores());
}

TEST_CASE("usage errors end with code 2 and say what is wrong") {
  CHECK(refused({"--requests", "0"}).code == 2);
  CHECK(refused({"--requests", "5", "--duration", "1s"}).code == 2);
  CHECK(refused({"--duration", "0"}).text.find("--duration") != std::string::npos);
  CHECK(refused({"--latency", "fast"}).text.find("'fast' is no duration") != std::string::npos);
  CHECK(refused({"--page-bytes", "many"}).text.find("no size") != std::string::npos);
  CHECK(refused({"--only", "sideways"}).text.find("no mode 'sideways'") != std::string::npos);
  CHECK(refused({"--contexts", "0"}).code == 2);
  CHECK(refused({"--contexts", "many"}).text.find("neither auto nor a number") != std::string::npos);
  CHECK(refused({"--nonsense"}).code == 2);
  CHECK(refused({"--contexts", "8", "--concurrency", "4"}).text.find("without a task") != std::string::npos);
  CHECK(refused({"--duration", "1s", "--sequential-requests", "4"}).code == 2);
  CHECK(refused({"--origin", "/nowhere/braid-origin"}).code == 2);
  CHECK(std::get<early_exit>(parse({})).code == 2);
}

TEST_CASE("fewer tasks than contexts are fine where the mode is not run") {
  CHECK(accepted({"--contexts", "8", "--concurrency", "4", "--only", "concurrent"}).plans().size() == 1);
}

TEST_CASE("help and version are answers, not errors") {
  const auto help = refused({"--help"});
  CHECK(help.code == 0);
  CHECK(help.text.find("Examples:") != std::string::npos);
  CHECK(help.text.find("--sequential-requests") != std::string::npos);
  CHECK(std::get<early_exit>(parse({"--version"})).text.find("braid-bench ") != std::string::npos);
}
