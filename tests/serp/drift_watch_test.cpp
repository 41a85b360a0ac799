#include <braid/serp/drift_watch.hpp>
#include <braid/serp/parse.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace braid::serp;

namespace {

engine mine() {
  return engine::load(
      "{\"engine\": \"mine\", \"version\": \"1\", \"home\": \"https://mine.example/\",\n"
      "\"request\": {\"url\": \"https://mine.example/\", \"parameters\": {}},\n"
      "\"blocks\": {\"organic_results\": {\"alternatives\": [{\"rows\": \"li\", \"fields\": {\"title\": {}, "
      "\"snippet\": {\"select\": \"p\", \"optional\": true}}}]}},\n"
      "\"baseline\": {\"rows_per_page\": 10, \"fields\": {\"organic_results.snippet\": 0.9}}}",
      "mine.json");
}

nlohmann::ordered_json record_of(const engine& of, bool snippets) {
  std::string html;
  for (int i = 0; i < 10; ++i) html += snippets ? "<li>a<p>b</p></li>" : "<li>a</li>";
  return parse_page(of, html).json;
}

}  // namespace

TEST_CASE("a field that falls is told once, with the page that made it fall") {
  const auto engine = mine();
  drift_watch_shared watch({engine});
  for (int i = 0; i < 20; ++i) CHECK(watch.add(engine, record_of(engine, true)).empty());
  CHECK(watch.fallen().empty());
  int told = 0;
  std::string what;
  for (int i = 0; i < 60; ++i) {
    for (const auto& one : watch.add(engine, record_of(engine, false))) {
      ++told;
      what = one.what;
    }
  }
  CHECK(told == 1);
  CHECK(what == "organic_results.snippet");
  REQUIRE(watch.fallen().size() == 1);
  CHECK_THAT(watch.fallen()[0], Catch::StartsWith("mine: organic_results.snippet: ") && Catch::Contains("90 %"));
}

TEST_CASE("engines that are not watched fall unseen") {
  const auto engine = mine();
  drift_watch_shared watch({});
  for (int i = 0; i < 60; ++i) CHECK(watch.add(engine, record_of(engine, false)).empty());
  CHECK(watch.fallen().empty());
}
