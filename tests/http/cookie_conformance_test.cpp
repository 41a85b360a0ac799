#include <braid/http/cookies.hpp>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "conformance_line.hpp"

using namespace braid;
using namespace std::chrono;

namespace {

const std::string folder = BRAID_SHARED_DIR "/data/conformance/";

/// The suite is of that year; its dates lie before and after.
const wall_time suite_time = sys_days(year(2011) / April / 1);

/// Cases where RFC 6265bis says otherwise than the suite, which is older.
const std::map<std::string, std::string> differences{
    {"DISABLED_CHROMIUM0022", "NUL: the field is ignored as a whole, not cut there (RFC 6265bis, 5.6, step 1)"},
    {"DISABLED_CHROMIUM0023", "CR: as NUL"},
    {"DISABLED_PATH0029", "paths are compared as they are, without decoding (RFC 6265, 5.1.4)"},
    {"OPTIONAL_DOMAIN0042", "the last Domain counts, also an empty one (RFC 6265bis, 5.6.3 and 5.7)"},
};

std::string cookies_sent(const nlohmann::json& test) {
  const std::string site = "http://home.example.org:8888";
  const auto name = test["test"].get<std::string>();
  http::cookie_jar jar;
  for (const auto& field : test["received"]) {
    jar.store(url::parse(site + "/cookie-parser?" + name), field.get<std::string>(), suite_time);
  }
  std::string to = test.value("sent-to", "/cookie-parser-result?" + name);
  if (to.front() == '/') to = site + to;
  return jar.header_for(url::parse(to), suite_time);
}

std::string cookies_expected(const nlohmann::json& test) {
  std::string out;
  for (const auto& one : test["sent"]) {
    if (!out.empty()) out += "; ";
    out += one["name"].get<std::string>() + "=" + one["value"].get<std::string>();
  }
  return out;
}

nlohmann::json cases_in(const std::string& path) {
  std::ifstream file(folder + path);
  return nlohmann::json::parse(file, nullptr, true, true);
}

bool have_suites() {
  if (std::ifstream(folder + "cookies/parser.json")) return true;
  WARN("SKIPPED: the conformance suites are not beside the checkout");
  return false;
}

}  // namespace

TEST_CASE("cookies come back as the http-state suite says", "[conformance]") {
  if (!have_suites()) return;
  int passed = 0, total = 0;
  for (const auto& test : cases_in("cookies/parser.json")) {
    const auto name = test["test"].get<std::string>();
    const std::string sent = cookies_sent(test), expected = cookies_expected(test);
    ++total;
    passed += sent == expected;
    const auto known = differences.find(name);
    CAPTURE(name, sent, expected);
    // A difference that is none any more has to leave the list.
    CHECK((sent != expected) == (known != differences.end()));
  }
  CHECK(total == 222);
  report_conformance("cookies (http-state)", passed, total,
                     std::to_string(differences.size()) + " where RFC 6265bis says otherwise");
}

TEST_CASE("cookie dates are read as the http-state suite says", "[conformance]") {
  if (!have_suites()) return;
  int passed = 0, total = 0;
  for (const char* const path : {"cookies/examples.json", "cookies/bsd-examples.json"}) {
    for (const auto& test : cases_in(path)) {
      const auto text = test["test"].get<std::string>();
      const auto date = http::parse_cookie_date(text);
      std::optional<wall_time> expected;
      if (!test["expected"].is_null()) {
        std::istringstream in(test["expected"].get<std::string>());
        std::tm parts{};
        in >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S");
        REQUIRE(in);
        expected = system_clock::from_time_t(timegm(&parts));
      }
      CAPTURE(text);
      CHECK(date == expected);
      ++total;
      passed += date == expected;
    }
  }
  CHECK(total == 70);
  report_conformance("cookie dates (http-state)", passed, total);
}

TEST_CASE("registrable domains are those of the public suffix list's checks", "[conformance]") {
  if (!have_suites()) return;
  std::ifstream file(folder + "psl/test_psl.txt");
  const std::regex check(R"(checkPublicSuffix\('([^']*)', (?:null|'([^']*)')\);)");
  int passed = 0, total = 0;
  for (std::string line; std::getline(file, line);) {
    std::smatch parts;
    if (line.starts_with("//") || !std::regex_match(line, parts, check)) continue;
    const std::string host = parts[1], expected = parts[2];
    // The list is one of names in Unicode or punycode; braid's answers are names as URLs have them.
    const std::string wanted = expected.empty() ? "" : std::string(url::parse("http://" + expected).host());
    const std::string found = http::registrable_domain(host);
    CAPTURE(host, found, wanted);
    CHECK(found == wanted);
    ++total;
    passed += found == wanted;
  }
  CHECK(total > 70);
  report_conformance("public suffix list", passed, total);
}
