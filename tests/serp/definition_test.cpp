#include <catch2/catch.hpp>

#include <unistd.h>
#include <filesystem>
#include <fstream>

#include <braid/core/error.hpp>
#include <braid/serp/parse.hpp>
#include <braid/serp/registry.hpp>

using namespace braid;

namespace {

/// A definition with `blocks` and `classify` as given.
std::string definition(const std::string& fields, const std::string& more = "") {
  return "{\n  \"engine\": \"mine\", \"version\": \"1\", \"home\": \"https://mine.example/\",\n"
         "  \"request\": {\"url\": \"https://mine.example/s\", \"parameters\": {\"q\": \"{q}\"}},\n" +
         more + "  \"blocks\": {\"organic_results\": {\"alternatives\": [{\"rows\": \"li\", \"fields\": {" + fields +
         "}}]}}\n}";
}

std::string refusal(const std::string& json) {
  try {
    serp::engine::load(json, "mine.json");
    return "accepted";
  } catch (const invalid_argument& e) {
    return e.what();
  }
}

/// What the field "v" is in the record of a page.
nlohmann::ordered_json value(const std::string& field, const std::string& html) {
  const auto engine = serp::engine::load(definition("\"v\": " + field), "mine.json");
  const auto record = serp::parse_page(engine, html);
  if (!record.json.contains("organic_results")) return nullptr;
  return record.json["organic_results"][0]["v"];
}

}  // namespace

TEST_CASE("every definition that is compiled in loads and has the blocks that people expect") {
  const auto engines = serp::registry::builtin();
  for (const auto* name :
       {"aol", "ask", "baidu", "bing", "brave", "duckduckgo", "ecosia", "google", "google_scholar", "mojeek", "naver",
        "qwant", "searxng", "so360", "sogou", "startpage", "swisscows", "yahoo", "yandex"}) {
    CAPTURE(name);
    const auto blocks = engines.find(name).blocks();
    CHECK(std::find(blocks.begin(), blocks.end(), "organic_results") != blocks.end());
    CHECK(std::find(blocks.begin(), blocks.end(), "related_searches") != blocks.end());
  }
}

TEST_CASE("an unknown engine is an error that lists the known ones") {
  const auto engines = serp::registry::builtin();
  CHECK(engines.try_find("nosuch") == nullptr);
  CHECK_THROWS_WITH(engines.find("nosuch"), Catch::Contains("unknown engine \"nosuch\"") && Catch::Contains("google"));
}

TEST_CASE("what is wrong in a definition is said with line and column") {
  CHECK(refusal(definition("\"t\": {\"selct\": \"a\"}")) ==
        "mine.json:4:83: unknown key \"selct\"; known here: select, exclude, from, attribute, filters, default, "
        "optional, all");
  CHECK(refusal(definition("\"t\": \"a[\"")).starts_with("mine.json:4:77: selector \"a[\": "));
  CHECK(refusal(definition("\"t\": {\"optional\": 1}")) == "mine.json:4:83: true or false is expected here");
  CHECK(refusal(definition("\"t\": {\"filters\": [\"absolute\", \"nosuch\"]}"))
            .starts_with("mine.json:4:107: unknown filter \"nosuch\""));
  CHECK(refusal(definition("\"t\": {\"filters\": [{\"regex\": \"(\"}]}"))
            .starts_with("mine.json:4:96: bad regular expression"));
  CHECK(refusal(definition("", "  \"classify\": [{\"kind\": \"odd\"}],\n")) ==
        "mine.json:4:17: unknown page kind \"odd\"");
  CHECK(refusal(definition("", "  \"colour\": \"red\",\n")).starts_with("mine.json:4:3: unknown key \"colour\""));
  CHECK(refusal("{\n  \"engine\": \"mine\",\n  \"engine\": \"mine\"\n}") ==
        "mine.json:3:3: the key \"engine\" stands here twice");
  CHECK(refusal("{}") == "mine.json:1:1: \"engine\" is missing");
  CHECK(refusal("{\n  \"engine\": ,\n}").starts_with("mine.json:2:13: "));
  CHECK(refusal("").starts_with("mine.json:1:1: "));
  CHECK(refusal(std::string(100'000, '[')).find("too deep") != std::string::npos);
}

TEST_CASE("fields: selectors in turn, attributes, defaults, lists") {
  CHECK(value("\"b\"", "<li>a<b>c</b>") == "c");
  CHECK(value("{\"select\": [\"i\", \"b\"]}", "<li>a<b>c</b>") == "c");
  CHECK(value("{\"exclude\": \"b\"}", "<li>a <b>c</b> d") == "a d");
  CHECK(value("{\"select\": \"a\", \"attribute\": \"href\"}", "<li><a href='x y'>a</a>") == "x y");
  CHECK(value("{\"select\": \"i\", \"default\": \"none\"}", "<li>a") == "none");
  CHECK(value("{\"select\": \"b\", \"all\": true}", "<li><b>1</b><b>2</b>").dump() == R"(["1","2"])");
  CHECK(value("\"i\"", "<li>a").is_null());
}

TEST_CASE("filters are pure functions of the text") {
  CHECK(value("{\"filters\": [{\"regex\": \"(\\\\d+) of\"}]}", "<li>page 3 of 4") == "3");
  CHECK(value("{\"filters\": [{\"replace\": \"^by \", \"with\": \"\"}]}", "<li>by me") == "me");
  CHECK(value("{\"filters\": [{\"keep\": \"x\"}]}", "<li>abc").is_null());
  CHECK(value("{\"filters\": [{\"drop\": \"b\"}]}", "<li>abc").is_null());
  CHECK(value("{\"filters\": [\"number\"]}", "<li>about 1,234,567 results") == 1234567);
  CHECK(value("{\"filters\": [\"number\"]}", "<li>1.234.567 Ergebnisse") == 1234567);
  CHECK(value("{\"filters\": [\"number\"]}", "<li>none").is_null());
  CHECK(value("{\"filters\": [\"number\"]}", "<li>99999999999999999999999").is_null());
  CHECK(value("{\"filters\": [\"date\"]}", "<li>Jan 5, 2024 — ") == "Jan 5, 2024");
  CHECK(value("{\"filters\": [\"lower\"]}", "<li>ABC") == "abc");
  CHECK(value("{\"filters\": [\"absolute\"]}", "<li>/a/../b?c") == "https://mine.example/b?c");
  CHECK(value("{\"filters\": [\"absolute\"]}", "<li>javascript:void(0)").is_null());
  CHECK(value("{\"filters\": [{\"query\": \"u\"}]}", "<li>/r?u=a%20b&v=1") == "a b");
  CHECK(value("{\"filters\": [\"base64\"]}", "<li>aGk=") == "hi");
  CHECK(value("{\"filters\": [\"base64\"]}", "<li>!!").is_null());
}

TEST_CASE("a redirect that hides its target stays as it is") {
  const std::string field =
      "{\"filters\": [{\"redirect\": {\"when\": \"/r\\\\?\", \"query\": \"u\", \"strip\": \"a1\", \"base64\": true}}]}";
  CHECK(value(field, "<li>https://e.example/r?u=a1aHR0cHM6Ly94LmV4YW1wbGUv") == "https://x.example/");
  CHECK(value(field, "<li>https://e.example/r?u=a1bm90IGEgdXJs") == "https://e.example/r?u=a1bm90IGEgdXJs");
  CHECK(value(field, "<li>https://e.example/r?u=%00") == "https://e.example/r?u=%00");
  CHECK(value(field, "<li>https://e.example/other?u=1") == "https://e.example/other?u=1");
}

TEST_CASE("an expression that would take forever has not matched") {
  const std::string text = std::string(40, 'a') + "!";
  CHECK(value("{\"filters\": [{\"keep\": \"^(a+)+$\"}]}", "<li>" + text).is_null());
}

TEST_CASE("a folder of definitions takes precedence, and says which file is wrong") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("braid-engines-" + std::to_string(static_cast<long>(::getpid())));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "mine.json") << definition("\"t\": {}");
  auto engines = serp::registry::builtin();
  engines.load_folder(folder);
  CHECK(engines.find("mine").version() == "1");
  std::ofstream(folder / "broken.json") << "{";
  CHECK_THROWS_WITH(engines.load_folder(folder), Catch::Contains("broken.json:1:"));
  std::filesystem::remove_all(folder);
  CHECK_THROWS_AS(engines.load_folder(folder), io_error);
}

TEST_CASE("requests: templates, maps, pages, and nothing that was not asked for") {
  const auto engines = serp::registry::builtin();
  serp::search_request what("google", "a b&c");
  CHECK(serp::build_url(engines.find("google"), what) == "https://www.google.com/search?q=a+b%26c");
  what.gl = "de";
  what.page = 3;
  what.google_domain = "www.google.de";
  CHECK(serp::build_url(engines.find("google"), what) == "https://www.google.de/search?q=a+b%26c&gl=de&start=20");
  what.safe = "active";
  CHECK(serp::build_url(engines.find("bing"), what) ==
        "https://www.bing.com/search?q=a+b%26c&cc=de&first=21&adlt=strict");
  what.safe = "nonsense";
  CHECK(serp::build_url(engines.find("bing"), what) == "https://www.bing.com/search?q=a+b%26c&cc=de&first=21");
  CHECK(serp::build_url(engines.find("brave"), what) ==
        "https://search.brave.com/search?q=a+b%26c&country=de&offset=2&source=web");
  CHECK(serp::build_url(engines.find("baidu"), what) == "https://www.baidu.com/s?wd=a+b%26c&pn=20&ie=utf-8");
  CHECK(serp::build_url(engines.find("yandex"), what) == "https://yandex.com/search/?text=a+b%26c&p=2");
  CHECK(serp::build_url(engines.find("mojeek"), what) == "https://www.mojeek.com/search?q=a+b%26c&s=21&arc=de");
  what.hl = "de";
  CHECK(serp::build_request(engines.find("bing"), what).headers.front().second == "de");
}

TEST_CASE("requests that make no sense, or would smuggle a header, are refused") {
  const auto engines = serp::registry::builtin();
  serp::search_request what("google", "");
  CHECK_THROWS_AS(serp::build_url(engines.find("google"), what), invalid_argument);
  what.q = "x";
  what.page = 0;
  CHECK_THROWS_AS(serp::build_url(engines.find("google"), what), invalid_argument);
  what.page = 1;
  what.hl = "de\r\nX: y";
  CHECK_THROWS_AS(serp::build_request(engines.find("google"), what), invalid_argument);
}
