#include <catch2/catch.hpp>

#include <cstdlib>

#include <braid/core/error.hpp>

#include "pages.hpp"

using namespace braid;
using namespace braid::test;
using serp::page_kind;

namespace {

/// A definition whose one block has these rows and fields.
std::string definition(const std::string& rows, const std::string& fields, const std::string& more = "") {
  return "{\"engine\": \"mine\", \"version\": \"1\", \"home\": \"https://mine.example/\", \"format\": \"json\",\n" +
         more + "\"request\": {\"url\": \"https://mine.example/\", \"parameters\": {\"q\": \"{q}\"}},\n" +
         "\"blocks\": {\"organic_results\": {\"alternatives\": [{\"rows\": \"" + rows + "\", \"fields\": {" + fields +
         "}}]}}}";
}

nlohmann::ordered_json rows_of(const std::string& rows, const std::string& fields, const std::string& answer) {
  auto json = serp::parse_page(serp::engine::load(definition(rows, fields), "mine.json"), answer).json;
  if (!json.contains("organic_results")) return nullptr;
  for (auto& row : json["organic_results"]) {
    row.erase("position");
    row.erase("position_absolute");
  }
  return json["organic_results"];
}

std::string refusal(const std::string& json) {
  try {
    serp::engine::load(json, "mine.json");
    return "accepted";
  } catch (const invalid_argument& e) {
    return e.what();
  }
}

page_kind kind_of(const std::string& engine, const std::string& answer, int status = 200) {
  serp::page_context context;
  context.status = status;
  return serp::parse_page(engine_of(engine), answer, context).kind;
}

}  // namespace

TEST_CASE("paths point into answers, a star at everything there is") {
  const std::string answer =
      R"({"a": [{"t": "x"}, {"t": 2}, {"t": null}, 7], "o": {"p": {"t": "y"}, "q/~": {"t": true}}})";
  CHECK(rows_of("/a/*", R"("v": "/t")", answer).dump() == R"([{"v":"x"},{"v":"2"}])");
  CHECK(rows_of("/a/1", R"("v": "/t")", answer).dump() == R"([{"v":"2"}])");
  CHECK(rows_of("/o/*", R"("v": "/t")", answer).dump() == R"([{"v":"y"},{"v":"true"}])");
  CHECK(rows_of("/o/q~1~0", R"("v": "/t")", answer).dump() == R"([{"v":"true"}])");
  CHECK(rows_of("", R"("v": {"path": "/a/*/t", "all": true})", answer).dump() == R"([{"v":["x","2"]}])");
  CHECK(rows_of("/a/*", R"("v": {"path": ["/none", "/t"]}, "w": {"path": "/o/p/t", "from": "page"})", answer)[0]["w"] ==
        "y");
  CHECK(rows_of("/a/9", R"("v": "/t")", answer).is_null());
  CHECK(rows_of("/a/-1", R"("v": "/t")", answer).is_null());
  CHECK(rows_of("/a/*", R"("v": {"path": "/t", "default": "none"})", answer)[3]["v"] == "none");
}

TEST_CASE("what JSON needs of filters: text of markup, dates, links made of names") {
  const auto value = [](const std::string& filters, const std::string& text) {
    return rows_of("", R"("v": {"path": "/t", "filters": [)" + filters + "]}", R"({"t": ")" + text + "\"}")[0]["v"];
  };
  CHECK(value("\"markup\"", "a <b>b</b> &amp; c") == "a b & c");
  CHECK(value("\"epoch\"", "1704458096") == "2024-01-05T12:34:56Z");
  CHECK(value("\"epoch\", {\"before\": \"at \"}", "0") == "at 1970-01-01T00:00:00Z");
  CHECK(value("\"encode\", {\"before\": \"/wiki/\"}, \"absolute\"", "A/B c") == "https://mine.example/wiki/A%2FB%20c");
  CHECK(rows_of("", R"("v": {"path": "/t", "filters": ["epoch"]})", R"({"t": 999999999999999})").is_null());
  CHECK(rows_of("", R"("v": {"path": "/t", "filters": ["epoch"]})", R"({"t": "soon"})").is_null());
}

TEST_CASE("a definition of JSON knows paths, one of HTML selectors, and neither the other's") {
  CHECK(refusal(definition("/a/*", "\"t\": \"/t\"")) == "accepted");
  CHECK(refusal(definition("a/*", "\"t\": \"/t\"")).find("begins with / or is empty") != std::string::npos);
  CHECK(refusal(definition("/a/*", "\"t\": \"/t~2\"")).find("after ~ stands 0") != std::string::npos);
  CHECK(refusal(definition("/a/*", "\"t\": {\"select\": \"b\"}")).find("unknown key \"select\"") != std::string::npos);
  CHECK(refusal(definition("/a/*", "\"t\": {\"path\": \"/t\", \"from\": \"row\"}"))
            .find("\"item\" or \"page\" is expected here") != std::string::npos);
  CHECK(refusal(definition("/a/*", "\"t\": \"/t\"", "\"classify\": [{\"kind\": \"blocked\", \"select\": \"b\"}],\n"))
            .starts_with("mine.json:2:34: unknown key \"select\""));
  auto other = definition("/a/*", "\"t\": \"/t\"");
  other.replace(other.find("\"json\""), 6, "\"xml\"");
  CHECK(refusal(other).ends_with(": \"html\" or \"json\" is expected here"));
}

TEST_CASE("answers of each API come out as results") {
  const auto engine = GENERATE(from_range(engines_that_answer_in("json")));
  CAPTURE(engine);
  const auto record = parsed(engine);
  CHECK(record.kind == page_kind::results);
  const auto& results = record.json["organic_results"];
  REQUIRE(results.size() == 2);
  CHECK(results[0]["position"] == 1);
  CHECK_THAT(results[0]["title"].get<std::string>(), Catch::StartsWith("First "));
  if (engine != "mediawiki") CHECK(results[0]["link"] == "https://one.example/a?b=1");
  CHECK_THAT(results[0]["snippet"].get<std::string>(), Catch::StartsWith("The first "));
}

TEST_CASE("what only some APIs tell") {
  const auto wiki = parsed("mediawiki").json;
  CHECK(wiki["organic_results"][0]["link"] == "https://en.wikipedia.org/wiki/First_result");
  CHECK(wiki["organic_results"][1]["link"] == "https://en.wikipedia.org/wiki/A%2FB_%28second%29");
  CHECK(wiki["organic_results"][0]["snippet"] == "The first snippet.");
  CHECK(wiki["search_information"]["total_results"] == 1230);
  CHECK(wiki["search_information"]["spelling_fix"] == "braids");
  const auto hackers = parsed("hackernews").json;
  CHECK(hackers["organic_results"][0]["points"] == 412);
  CHECK(hackers["organic_results"][0]["snippet"] == "The first & snippet.");
  CHECK(hackers["organic_results"][1]["link"] == "https://news.ycombinator.com/item?id=2");
  const auto stack = parsed("stackexchange").json;
  CHECK(stack["organic_results"][0]["title"] == "First \"result\"");
  CHECK(stack["organic_results"][0]["date"] == "2024-01-05T12:34:56Z");
  CHECK(stack["organic_results"][0]["tags"].dump() == R"(["c++","braid"])");
  CHECK(stack["organic_results"][0]["source"] == "A & B");
  const auto brave = parsed("brave_api").json;
  CHECK(brave["organic_results"][0]["sitelinks"][0]["link"] == "https://one.example/more");
  CHECK(brave["related_questions"][0]["question"] == "What is a braid?");
  CHECK(brave["news_results"][0]["date"] == "2 hours ago");
  const auto meta = parsed("searxng_json").json;
  CHECK(meta["organic_results"][0]["source"].dump() == R"(["bing","brave"])");
  CHECK(meta["answer_box"]["answer"] == "A braid is a rope.");
  CHECK(meta["knowledge_graph"]["title"] == "Braid");
  CHECK(meta["related_searches"][0]["query"] == "braid rope");
}

TEST_CASE("an API that refuses, and one that found nothing, are two things") {
  CHECK(kind_of("mediawiki", R"({"query": {"searchinfo": {"totalhits": 0}, "search": []}})") == page_kind::no_results);
  CHECK(kind_of("mediawiki", R"({"error": {"code": "ratelimited", "info": "wait"}})") == page_kind::blocked);
  CHECK(kind_of("searxng_json", R"({"query": "x", "results": [], "unresponsive_engines": []})") ==
        page_kind::no_results);
  CHECK(kind_of("searxng_json", R"({"query": "x", "results": [], "unresponsive_engines": [["bing", "CAPTCHA"]]})") ==
        page_kind::soft_blocked);
  CHECK(kind_of("marginalia", R"({"query": "x", "results": []})") == page_kind::no_results);
  CHECK(kind_of("hackernews", R"({"hits": [], "nbHits": 0})") == page_kind::no_results);
  CHECK(kind_of("stackexchange", R"({"items": [], "quota_max": 300})") == page_kind::no_results);
  CHECK(kind_of("stackexchange", R"({"error_id": 502, "error_name": "throttle_violation"})", 400) ==
        page_kind::blocked);
  CHECK(kind_of("brave_api", R"({"type": "search", "query": {"original": "x"}})") == page_kind::no_results);
  CHECK(kind_of("brave_api", R"({"type": "ErrorResponse", "error": {"code": "RATE_LIMITED"}})", 422) ==
        page_kind::blocked);
  for (const auto& engine : engines_that_answer_in("json")) {
    CAPTURE(engine);
    CHECK(kind_of(engine, "", 429) == page_kind::blocked);
    CHECK(kind_of(engine, "<!doctype html><title>Just a moment...</title>") == page_kind::unknown);
    CHECK(kind_of(engine, "<html><script src='/cdn-cgi/challenge-platform/x'></script>") == page_kind::blocked);
    CHECK(kind_of(engine, "{}") == page_kind::unknown);
    CHECK(kind_of(engine, "[]") == page_kind::unknown);
    CHECK(kind_of(engine, std::string(100'000, '[')) == page_kind::unknown);
    CHECK(kind_of(engine, std::string(100'000, '[') + std::string(100'000, ']')) == page_kind::unknown);
  }
}

TEST_CASE("an answer beyond the bound is refused, one with broken characters is not") {
  serp::page_context context;
  context.limits.bytes = 10;
  CHECK_THROWS_AS(serp::parse_page(engine_of("marginalia"), std::string(11, ' '), context), limit_error);
  const auto broken = serp::parse_page(engine_of("marginalia"),
                                       "{\"query\": \"x\", \"results\": [{\"title\": \"a\xFF\", "
                                       "\"url\": \"https://one.example/\"}]}");
  CHECK(broken.json["organic_results"][0]["title"] == "a\xEF\xBF\xBD");
}

TEST_CASE("a key for an API comes from the environment, from braid's own names only") {
  const auto header = [](const std::string& template_) {
    auto text = definition("/a", "\"t\": \"/t\"");
    const std::string anchor = "\"parameters\": {\"q\": \"{q}\"}";
    text.replace(text.find(anchor), anchor.size(), anchor + ", \"headers\": {\"X-Key\": \"" + template_ + "\"}");
    const auto request = serp::build_request(serp::engine::load(text, "mine.json"), serp::search_request("mine", "q"));
    return request.headers.empty() ? std::string("none") : request.headers.front().second;
  };
  ::setenv("BRAID_TEST_KEY", "secret", 1);
  ::setenv("OTHER_TEST_KEY", "secret", 1);
  CHECK(header("{env:BRAID_TEST_KEY}") == "secret");
  CHECK(header("Bearer {env:BRAID_TEST_KEY}") == "Bearer secret");
  CHECK(header("{env:OTHER_TEST_KEY}") == "none");
  CHECK(header("{env:BRAID_NO_SUCH_KEY}") == "none");
  ::unsetenv("BRAID_TEST_KEY");
  ::unsetenv("OTHER_TEST_KEY");
}

TEST_CASE("requests of APIs are what their documents ask for") {
  serp::search_request what("", "a b");
  what.page = 2;
  what.num = 10;
  const auto url = [&](const char* engine) { return serp::build_url(engine_of(engine), what); };
  CHECK(url("mediawiki") ==
        "https://en.wikipedia.org/w/api.php?action=query&list=search&format=json&srsearch=a+b&srlimit=10&sroffset=10&"
        "srinfo=totalhits%7Csuggestion&srprop=snippet%7Ctimestamp%7Cwordcount");
  CHECK(url("marginalia") == "https://api.marginalia.nu/public/search/a%20b?count=10&index=1");
  CHECK(url("hackernews") == "https://hn.algolia.com/api/v1/search?query=a+b&tags=story&page=1&hitsPerPage=10");
  CHECK(url("brave_api") == "https://api.search.brave.com/res/v1/web/search?q=a+b&count=10&offset=1");
}
