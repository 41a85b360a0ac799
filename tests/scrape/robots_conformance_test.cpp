#include <braid/core/base64.hpp>
#include <braid/scrape/robots.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "conformance_line.hpp"

using namespace braid;

TEST_CASE("robots.txt files mean what Google's tests say", "[conformance]") {
  std::ifstream file(BRAID_SHARED_DIR "/data/conformance/robots/cases.jsonl");
  if (!file) {
    WARN("SKIPPED: ../shared/data/conformance/robots is not there");
    return;
  }
  int total = 0, passed = 0;
  for (std::string line; std::getline(file, line);) {
    const auto test = nlohmann::json::parse(line);
    const auto text = base64_decode(test["robots_b64"].get<std::string>()).value();
    const auto address = base64_decode(test["url_b64"].get<std::string>()).value();
    const auto rules = scrape::robots_rules::parse(text, test["ua"].get<std::string>());
    const bool allowed = rules.allows(scrape::robots_target(address));
    const bool right = allowed == (test["expected"] == "ALLOWED");
    ++total;
    passed += right;
    CAPTURE(test["id"].get<std::string>(), text, address);
    CHECK(right);
  }
  CHECK(total > 200);
  report_conformance("robots.txt, RFC 9309 (google/robotstxt-spec-test)", passed, total);
}
