#include <catch2/catch.hpp>
#include <initializer_list>
#include <variant>
#include <vector>

#include "scratch_folder.hpp"
#include "serp/fetch/options.hpp"

using namespace std::chrono_literals;
using namespace braid::fetch;

namespace {

const std::vector<std::string> known = {"google", "bing", "brave"};

std::variant<fetch_options, early_exit> parse(std::initializer_list<const char*> words) {
  std::vector<const char*> arguments{"fetch"};
  arguments.insert(arguments.end(), words);
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data(), known);
}

fetch_options accepted(std::initializer_list<const char*> words) {
  auto parsed = parse(words);
  if (const auto* exit = std::get_if<early_exit>(&parsed)) FAIL(exit->text);
  return std::get<fetch_options>(parsed);
}

std::string refused(std::initializer_list<const char*> words) {
  const auto parsed = parse(words);
  REQUIRE(std::holds_alternative<early_exit>(parsed));
  CHECK(std::get<early_exit>(parsed).code == 2);
  return std::get<early_exit>(parsed).text;
}

}  // namespace

TEST_CASE("queries are enough: the rest has defaults") {
  const auto options = accepted({"rust atomics", "ravens"});
  CHECK(options.queries == std::vector<std::string>{"rust atomics", "ravens"});
  CHECK(options.engines == std::vector<std::string>{"google"});
  CHECK(options.pages == 1);
  CHECK(options.contexts == 1);
  CHECK(options.out == "-");
  CHECK(options.timeout == 30s);
}

TEST_CASE("every option arrives") {
  const auto options = accepted({"q",
                                 "--queries",
                                 "words.txt",
                                 "--engine",
                                 "bing,brave,bing",
                                 "--pages",
                                 "3",
                                 "--gl",
                                 "us",
                                 "--hl",
                                 "en",
                                 "--device",
                                 "mobile",
                                 "--concurrency",
                                 "64",
                                 "--contexts",
                                 "2",
                                 "--pin",
                                 "--rate",
                                 "2.5",
                                 "--retries",
                                 "0",
                                 "--timeout",
                                 "1.5",
                                 "--endpoint",
                                 "bing=http://127.0.0.1:8080/bing",
                                 "--endpoint",
                                 "brave=http://127.0.0.1:8080",
                                 "--out",
                                 "r.csv",
                                 "--state",
                                 "s",
                                 "--save-html",
                                 "pages",
                                 "--cache",
                                 "cache",
                                 "--engines",
                                 "mine",
                                 "--progress",
                                 "json"});
  CHECK(options.queries_file == "words.txt");
  CHECK(options.engines == std::vector<std::string>{"bing", "brave"});
  CHECK(options.pages == 3);
  CHECK(options.gl == "us");
  CHECK(options.hl == "en");
  CHECK(options.device == "mobile");
  CHECK(options.concurrency == 64);
  CHECK(options.contexts == 2);
  CHECK(options.pin);
  CHECK(options.rate == 2.5);
  CHECK(options.retries == 0);
  CHECK(options.timeout == 1500ms);
  CHECK(options.endpoints.at("bing") == "http://127.0.0.1:8080/bing");
  CHECK(options.endpoints.size() == 2);
  CHECK(options.out == "r.csv");
  CHECK(options.state_file == "s");
  CHECK(options.save_html == "pages");
  CHECK(options.cache == "cache");
  CHECK(options.engines_folder == "mine");
  CHECK(options.replay.empty());
  CHECK(accepted({"--replay", "pages"}).replay == "pages");
  CHECK(options.progress == progress_style::json);
}

TEST_CASE("the folder of definitions is known before the rest is read") {
  const auto folder = [](std::vector<const char*> words) {
    return engines_folder_of(static_cast<int>(words.size()), words.data());
  };
  CHECK(folder({"fetch", "q"}).empty());
  CHECK(folder({"fetch", "--engines", "a", "q"}) == "a");
  CHECK(folder({"fetch", "--engines=a/b"}) == "a/b");
  CHECK(folder({"fetch", "--engines"}).empty());
  CHECK(folder({"fetch", "--", "--engines", "a"}).empty());
}

TEST_CASE("auto is at least one context") { CHECK(accepted({"q", "--contexts", "auto"}).contexts >= 1); }

TEST_CASE("what makes no sense is refused with a reason") {
  using Catch::Contains;
  CHECK_THAT(refused({}), Contains("no query"));
  CHECK_THAT(refused({"q", "--engine", "altavista"}), Contains("altavista") && Contains("google, bing, brave"));
  CHECK_THAT(refused({"q", "--endpoint", "http://x"}), Contains("ENGINE=URL"));
  CHECK_THAT(refused({"q", "--endpoint", "bing=not a url"}), Contains("bing=not a url"));
  CHECK_THAT(refused({"q", "--endpoint", "bing=ws://x"}), Contains("expected http://"));
  CHECK_THAT(refused({"q", "--endpoint", "lycos=http://x"}), Contains("unknown engine 'lycos'"));
  CHECK_THAT(refused({"q", "--contexts", "0"}), Contains("--contexts '0'"));
  CHECK_THAT(refused({"q", "--contexts", "many"}), Contains("auto"));
  CHECK_THAT(refused({"q", "--pages", "0"}), Contains("--pages"));
  CHECK_THAT(refused({"q", "--concurrency", "0"}), Contains("--concurrency"));
  CHECK_THAT(refused({"q", "--rate", "-1"}), Contains("--rate"));
  CHECK_THAT(refused({"q", "--timeout", "0"}), Contains("--timeout"));
  CHECK_THAT(refused({"q", "--device", "toaster"}), Contains("--device"));
  CHECK_THAT(refused({"q", "--progress", "loud"}), Contains("--progress"));
  CHECK_THAT(refused({"q", "--state", "s"}), Contains("--out FILE"));
  CHECK_THAT(refused({"q", "--retry-failed"}), Contains("--state FILE"));
  CHECK_THAT(refused({"q", "--replay", "pages"}), Contains("no others can be asked"));
  CHECK_THAT(refused({"--replay", "pages", "--state", "s", "--out", "o"}), Contains("excludes"));
  CHECK_THAT(refused({"--replay", "r.jsonl", "--out", "r.jsonl"}), Contains("same file"));
  CHECK_THAT(refused({"q", "--frobnicate"}), Contains("frobnicate"));
}

TEST_CASE("the option --help is no error and shows examples") {
  const auto parsed = parse({"--help"});
  REQUIRE(std::holds_alternative<early_exit>(parsed));
  CHECK(std::get<early_exit>(parsed).code == 0);
  CHECK_THAT(std::get<early_exit>(parsed).text, Catch::Contains("Examples:"));
}

TEST_CASE("real engines are asked politely unless the user says otherwise, this machine is not spared") {
  const auto options = accepted({"q", "--engine", "google,bing,brave", "--endpoint", "bing=http://127.0.0.1:1",
                                 "--endpoint", "brave=http://mirror.example"});
  CHECK(rate_of(options, "google") == 1);
  CHECK(rate_of(options, "bing") == 0);
  CHECK(rate_of(options, "brave") == 1);
  CHECK(rate_of(accepted({"q", "--rate", "7"}), "google") == 7);
  CHECK(rate_of(accepted({"q", "--endpoint", "google=http://[::1]:1"}), "google") == 0);
  CHECK(rate_of(accepted({"q", "--endpoint", "google=http://localhost:1"}), "google") == 0);
}

TEST_CASE("a number of requests at once is fixed or found out") {
  CHECK(accepted({"q"}).concurrency == 10);
  CHECK_FALSE(accepted({"q"}).adaptive_start);
  CHECK(accepted({"q", "-k", "100"}).concurrency == 100);
  CHECK(accepted({"q", "-k", "auto"}).adaptive_start == 16);
  CHECK(accepted({"q", "-k", "auto"}).concurrency == 1000);
  CHECK(accepted({"q", "-k", "auto:500"}).adaptive_start == 500);
  for (const auto* wrong : {"0", "x", "100001", "auto:", "auto:0", "auto:1001", "automatic", "auto500", "10x"}) {
    CHECK_THAT(refused({"q", "-k", wrong}), Catch::Contains("--concurrency '" + std::string(wrong)));
  }
}

TEST_CASE("engines are suspended as long as SearXNG does it and endpoints on this machine never unless told") {
  using braid::scrape::refusal;
  auto options = accepted({"q", "--endpoint", "bing=http://127.0.0.1:1"});
  CHECK(suspensions_of(options, "google").of(refusal::too_many) == 180s);
  CHECK(suspensions_of(options, "google").of(refusal::captcha) == 1h);
  CHECK(suspensions_of(options, "bing").none());
  CHECK(options.patience == 10min);
  options = accepted({"q", "--endpoint", "bing=http://127.0.0.1:1", "--suspend", "429=7", "--patience", "5"});
  CHECK(suspensions_of(options, "bing").of(refusal::too_many) == 7s);
  CHECK(options.patience == 5s);
  CHECK(suspensions_of(accepted({"q", "--suspend", "off"}), "google").none());
  CHECK_THAT(refused({"q", "--suspend", "captcha"}), Catch::Contains("--suspend 'captcha': expected KIND=SECONDS"));
  CHECK_THAT(refused({"q", "--patience", "-1"}), Catch::Contains("--patience"));
}

TEST_CASE("proxies come from options and a file and may be chosen by tag") {
  const scratch_folder folder;
  const auto file = folder.file("proxies");
  scratch_folder::put(file, "# ours\nhttp://b:2 tag=us\nsocks5h://c:3 tag=de weight=2\n");
  const auto options = accepted({"q", "--proxy", "http://a:1 tag=us", "--proxies", file.c_str(), "--sticky"});
  REQUIRE(options.proxies.size() == 3);
  CHECK(options.proxies[0].address.str() == "http://a:1");
  CHECK(options.proxies[2].weight == 2);
  CHECK(options.sticky);
  CHECK(accepted({"q", "--proxies", file.c_str(), "--proxy-tag", "de"}).proxies.size() == 1);
  CHECK_THAT(refused({"q", "--proxy", "http://a colour=red"}), Catch::Contains("--proxy proxy: 'colour=red'"));
  CHECK_THAT(refused({"q", "--proxies", "/nonexistent"}), Catch::Contains("/nonexistent: cannot be read"));
  CHECK_THAT(refused({"q", "--proxy", "http://a:1", "--proxy-tag", "fr"}), Catch::Contains("--proxy-tag fr"));
  scratch_folder::put(file, "http://a\nftp://b\n");
  CHECK_THAT(refused({"q", "--proxies", file.c_str()}), Catch::Contains("proxies: line 2: "));
}
