#include <catch2/catch.hpp>

#include <random>

#include <braid/core/error.hpp>

#include "pages.hpp"

using namespace braid;
using namespace braid::test;
using serp::page_kind;

TEST_CASE("each engine's results come out with titles, decoded links and snippets, without ads") {
  const auto engine = GENERATE(from_range(engines_that_answer_in("html")));
  CAPTURE(engine);
  const auto record = parsed(engine);
  CHECK(record.kind == page_kind::results);
  CHECK(record.json["search_metadata"]["status"] == "Success");
  CHECK(record.json["search_metadata"]["parser"]["engine"] == engine);
  CHECK(record.json["search_metadata"]["parser"]["status"] == "complete");
  CHECK_FALSE(record.json.contains("error"));
  const auto& results = record.json["organic_results"];
  REQUIRE(results.size() == 2);
  CHECK(results[0]["position"] == 1);
  CHECK(results[0]["title"] == "First result");
  CHECK(results[0]["link"] == "https://one.example/a?b=1");
  CHECK(results[0]["snippet"] == "The first snippet.");
  CHECK(results[1]["position"] == 2);
  CHECK(results[1]["title"] == "Second result");
  CHECK(results[1]["link"] == "https://two.example/");
  CHECK(results[1]["snippet"] == "The second snippet.");
}

TEST_CASE("a google page gives its other blocks and none that it does not have") {
  const auto json = parsed("google").json;
  CHECK(json["search_information"]["query_displayed"] == "braid");
  CHECK(json["search_information"]["total_results"] == 1230);
  REQUIRE(json["ads"].size() == 1);
  CHECK(json["ads"][0]["title"] == "Buy braids");
  CHECK(json["ads"][0]["link"] == "https://shop.example/braids");
  CHECK(json["ads"][0]["position_absolute"] == 1);
  CHECK(json["organic_results"][0]["position_absolute"] == 2);
  CHECK(json["organic_results"][0]["redirect_link"] ==
        "https://www.google.com/url?q=https://one.example/a%3Fb%3D1&sa=U&ved=x");
  CHECK(json["related_questions"][0]["question"] == "What is a braid?");
  CHECK(json["related_searches"][0]["query"] == "braid rope");
  CHECK_FALSE(json.contains("knowledge_graph"));
  CHECK_FALSE(json.contains("local_results"));
}

TEST_CASE("what is no answer is never a success, and a genuine empty answer is one") {
  struct expectation {
    const char* page;
    page_kind kind;
  };
  const auto want = GENERATE(
      expectation{"google-no-results", page_kind::no_results}, expectation{"google-blocked", page_kind::blocked},
      expectation{"google-shell", page_kind::js_required}, expectation{"bing-soft-blocked", page_kind::soft_blocked},
      expectation{"bing-no-results", page_kind::no_results}, expectation{"bing-blocked", page_kind::blocked},
      expectation{"duckduckgo-blocked", page_kind::blocked}, expectation{"brave-blocked", page_kind::blocked},
      expectation{"ecosia-no-results", page_kind::no_results}, expectation{"yahoo-consent", page_kind::consent},
      expectation{"baidu-blocked", page_kind::blocked}, expectation{"baidu-no-results", page_kind::no_results},
      expectation{"qwant-blocked", page_kind::blocked}, expectation{"yandex-blocked", page_kind::blocked},
      expectation{"swisscows-shell", page_kind::js_required},
      expectation{"searxng-no-engines", page_kind::soft_blocked},
      expectation{"searxng-no-results", page_kind::no_results});
  CAPTURE(want.page);
  const auto record = parsed(want.page);
  CHECK(record.kind == want.kind);
  const auto& json = record.json;
  CHECK(json["search_metadata"]["page_kind"] == std::string(serp::to_string(want.kind)));
  CHECK_FALSE(json.contains("organic_results"));
  if (want.kind == page_kind::no_results) {
    CHECK(json["search_metadata"]["status"] == "Success");
    CHECK_FALSE(json.contains("error"));
  } else {
    CHECK(json["search_metadata"]["status"] == "Error");
    CHECK(json["error"]["code"] == std::string(serp::to_string(want.kind)));
    CHECK_FALSE(json["error"]["evidence"].get<std::string>().empty());
  }
}

TEST_CASE("status and address decide before the page does") {
  serp::page_context context;
  context.status = 429;
  CHECK(serp::parse_page(engine_of("google"), page_file("google"), context).kind == page_kind::blocked);
  CHECK(serp::glance(engine_of("google"), page_file("google"), context).kind == page_kind::blocked);
  context.status = 200;
  context.final_url = "https://www.google.com/sorry/index?continue=x";
  CHECK(serp::parse_page(engine_of("google"), "", context).kind == page_kind::blocked);
  context.final_url = "https://consent.google.com/ml?continue=x";
  const auto seen = serp::glance(engine_of("google"), "", context);
  CHECK(seen.kind == page_kind::consent);
  CHECK(seen.evidence == "url " + context.final_url);
}

TEST_CASE("a glance at a good page does not judge it") {
  CHECK(serp::glance(engine_of("google"), page_file("google"), {}).kind == page_kind::unknown);
  CHECK(serp::glance(engine_of("bing"), page_file("bing"), {}).kind == page_kind::unknown);
}

TEST_CASE("relative links are resolved against the page") {
  serp::page_context context;
  context.final_url = "https://www.google.de/search?q=x";
  const auto record =
      serp::parse_page(engine_of("google"), "<div id=rso><a href='/local'><h3>x</h3></a></div>", context);
  CHECK(record.json["organic_results"][0]["link"] == "https://www.google.de/local");
}

TEST_CASE("a page whose address is not known may tell it itself") {
  const std::string result = "<div id=rso><a href='local'><h3>x</h3></a></div>";
  const auto link = [&](const std::string& head, const serp::page_context& context) {
    return serp::parse_page(engine_of("google"), head + result, context).json["organic_results"][0]["link"];
  };
  const std::string canonical = "<link rel=canonical href='https://www.google.fr/a/search?q=x'>";
  CHECK(link(canonical, {}) == "https://www.google.fr/a/local");
  CHECK(link(canonical + "<base href='/b/'>", {}) == "https://www.google.fr/b/local");
  CHECK(link("<base href='http://[bad'>", {}) == "https://www.google.com/local");
  serp::page_context known;
  known.final_url = "https://www.google.de/c/search";
  CHECK(link(canonical, known) == "https://www.google.de/c/local");
}

TEST_CASE("what an engine calls a result, and is an ad, is an ad") {
  for (const auto* name : {"baidu", "naver", "qwant", "yandex"}) {
    CAPTURE(name);
    const auto json = parsed(name).json;
    REQUIRE(json["ads"].size() == 1);
    CHECK(json["ads"][0]["title"] == "Buy braids");
    CHECK(json["organic_results"][0]["title"] == "First result");
  }
}

TEST_CASE("related searches and further pages") {
  for (const auto* name : {"aol", "ask", "baidu", "mojeek", "naver", "qwant", "searxng", "so360", "sogou", "startpage",
                           "swisscows", "yandex", "google_scholar"}) {
    CAPTURE(name);
    CHECK(parsed(name).json["related_searches"][0]["query"] == "braid rope");
  }
  CHECK(parsed("aol").json["pagination"]["current"] == 1);
  CHECK(parsed("so360").json["pagination"]["next"] == "https://www.so.com/s?q=braid&pn=2");
  CHECK(parsed("so360").json["organic_results"][0]["target_link"] == "https://one.example/target");
  CHECK(parsed("google_scholar").json["organic_results"][0]["cited_by"] == 57);
}

TEST_CASE("the request stands in the record, without what was not asked for") {
  serp::search_request asked("google", "braid");
  asked.page = 2;
  const auto record = serp::parse_page(engine_of("google"), page_file("google"), {}, asked);
  const auto& json = record.json;
  CHECK(json["search_parameters"].dump() == R"({"engine":"google","q":"braid","page":2})");
  CHECK(std::next(json.begin()).key() == "search_parameters");
}

TEST_CASE("what is no result page is a failed record") {
  const auto html = GENERATE(as<std::string>{}, "", "plain text", "<html><body><h1>Welcome</h1></body></html>",
                             "\x89PNG\r\n\x1a\n", "{\"json\": true}");
  for (const auto& name : builtin_engines().names()) {
    const auto record = serp::parse_page(engine_of(name), html);
    CHECK(record.kind == page_kind::unknown);
    CHECK(record.json["error"]["code"] == "parse_failed");
    CHECK(record.json["search_metadata"]["parser"]["status"] == "failed");
  }
}

TEST_CASE("a page made to stall the parser is refused") {
  std::string html;
  for (int i = 0; i < 100'000; ++i) html += "<div>";
  CHECK_THROWS_AS(serp::parse_page(engine_of("google"), html), limit_error);
}

TEST_CASE("damaged pages give valid JSON or a failed record, whatever was damaged") {
  std::mt19937 random(11);
  for (const auto& name : builtin_engines().names()) {
    const auto whole = page_file(name);
    for (int round = 0; round < 40; ++round) {
      auto html = whole;
      for (int i = 0; i < 20; ++i) html[random() % html.size()] = static_cast<char>(random());
      html.resize(random() % html.size());
      const auto record = serp::parse_page(engine_of(name), html);
      CHECK_NOTHROW(record.json.dump());
    }
  }
}
