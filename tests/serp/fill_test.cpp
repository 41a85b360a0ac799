#include <catch2/catch.hpp>

#include <algorithm>

#include <braid/core/error.hpp>
#include <braid/serp/fill.hpp>

#include "pages.hpp"

using namespace braid;
using namespace braid::test;
using serp::fill_counter;

namespace {

serp::engine with_baseline(const std::string& baseline) {
  return serp::engine::load(
      "{\"engine\": \"mine\", \"version\": \"1\", \"home\": \"https://mine.example/\",\n"
      "\"request\": {\"url\": \"https://mine.example/\", \"parameters\": {}},\n"
      "\"blocks\": {\"organic_results\": {\"alternatives\": [{\"rows\": \"li\", \"fields\": {\"title\": {}, "
      "\"snippet\": {\"select\": \"p\", \"optional\": true}}}]}},\n"
      "\"baseline\": " +
          baseline + "}",
      "mine.json");
}

/// A page of ten results of which `snippets` have one.
std::string page(int snippets) {
  std::string html;
  for (int i = 0; i < 10; ++i) html += i < snippets ? "<li>a<p>b</p></li>" : "<li>a</li>";
  return html;
}

fill_counter count(const serp::engine& engine, int pages, const std::string& html) {
  fill_counter counted;
  for (int i = 0; i < pages; ++i) counted.add(serp::parse_page(engine, html).json);
  return counted;
}

std::string refusal(const std::string& baseline) {
  try {
    with_baseline(baseline);
    return "accepted";
  } catch (const invalid_argument& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("fields are counted over rows, objects and pages") {
  fill_counter counted;
  counted.add(parsed("google").json);
  counted.add(parsed("google-blocked").json);
  CHECK(counted.pages() == 1);
  CHECK(counted.unknown_pages() == 0);
  CHECK(counted.rows_of("organic_results") == 2);
  CHECK(counted.of("organic_results.snippet").rate() == 1);
  CHECK(counted.of("organic_results.redirect_link").rate() == 0.5);
  CHECK(counted.of("related_questions.question").filled == 1);
  CHECK(counted.of("organic_results.nosuch").rows == 2);
  CHECK(counted.of("organic_results.nosuch").rate() == 0);
  CHECK(counted.of("nosuch.field").rows == 0);
  fill_counter sum;
  sum.add(counted);
  sum.add(counted);
  CHECK(sum.pages() == 2);
  CHECK(sum.of("organic_results.redirect_link").rows == 4);
  CHECK(sum.fields().size() == counted.fields().size());
  counted.add(serp::parse_page(engine_of("google"), "nothing").json);
  CHECK(counted.unknown_pages() == 1);
  counted.add(nlohmann::ordered_json::object());
  CHECK(counted.pages() == 1);
}

TEST_CASE("a field under its baseline is told with what it should be") {
  const auto engine = with_baseline(R"({"rows_per_page": 10, "fields": {"organic_results.snippet": 0.9}})");
  CHECK(serp::drifted(engine, count(engine, 20, page(9))).empty());
  CHECK(serp::drifted(engine, count(engine, 20, page(8))).empty());
  const auto fallen = serp::drifted(engine, count(engine, 20, page(3)));
  REQUIRE(fallen.size() == 1);
  CHECK(fallen[0].what == "organic_results.snippet");
  CHECK(fallen[0].expected == 0.9);
  CHECK(fallen[0].got == Approx(0.3));
  CHECK(fallen[0].counted == 200);
  CHECK(serp::to_string(fallen[0]) == "organic_results.snippet: 30 % of 200, expected 90 %");
}

TEST_CASE("a few rows say nothing, and neither does chance") {
  const auto engine = with_baseline(R"({"fields": {"organic_results.snippet": 0.5}})");
  CHECK(serp::drifted(engine, count(engine, 4, page(0))).empty());
  serp::drift_limits strict;
  strict.tolerance = 0.01;
  strict.least_rows = 10;
  CHECK(serp::drifted(engine, count(engine, 1, page(3)), strict).empty());
  CHECK(serp::drifted(engine, count(engine, 100, page(3)), strict).size() == 1);
}

TEST_CASE("fewer results a page, and pages that nobody knows any more") {
  const auto engine = with_baseline(R"({"rows_per_page": 10})");
  auto counted = count(engine, 20, "<li>one</li><li>two</li>");
  auto fallen = serp::drifted(engine, counted);
  REQUIRE(fallen.size() == 1);
  CHECK(serp::to_string(fallen[0]) == "organic_results per page: 2.0 on 20 pages, expected 10.0");
  counted = count(engine, 12, page(9));
  counted.add(count(engine, 8, "<div>no list</div>"));
  fallen = serp::drifted(engine, counted);
  REQUIRE(fallen.size() == 1);
  CHECK(serp::to_string(fallen[0]) == "pages that the definition knows: 60 % of 20, expected 100 %");
  CHECK(serp::drifted(engine, count(engine, 9, "<div>no list</div>")).empty());
}

TEST_CASE("a baseline is checked when it is read") {
  CHECK(refusal("{}") == "accepted");
  CHECK(refusal(R"({"fields": {"snippet": 1}})").find("a field is named \"block.field\"") != std::string::npos);
  CHECK(refusal(R"({"fields": {"a.b": 1.5}})").find("a share between 0 and 1") != std::string::npos);
  CHECK(refusal(R"({"fields": {"a.b": "1"}})").find("a number is expected here") != std::string::npos);
  CHECK(refusal(R"({"rows": 1})").find("unknown key \"rows\"") != std::string::npos);
}

TEST_CASE("definitions have a baseline for what every result has") {
  for (const auto* name : {"bing", "google", "yahoo", "brave", "ecosia", "duckduckgo"}) {
    CAPTURE(name);
    serp::drift_limits none;
    none.least_pages = none.least_rows = 1;
    fill_counter counted;
    counted.add(parsed(name).json);
    const auto fallen = serp::drifted(engine_of(name), counted, none);
    CHECK(
        std::any_of(fallen.begin(), fallen.end(), [](const auto& d) { return d.what == "organic_results per page"; }));
  }
}
