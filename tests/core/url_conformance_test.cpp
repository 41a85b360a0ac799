#include <braid/core/url.hpp>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance_line.hpp"

using namespace braid;

namespace {

bool is_http(std::string_view text) { return text.substr(0, 5) == "http:" || text.substr(0, 6) == "https:"; }

/// libidn2 follows IDNA 2008, which forbids symbols in names; UTS 46, which the suite follows, allows them.
bool is_known_difference(std::string_view input) { return input == "https://%e2%98%83"; }

std::optional<url> parsed(const nlohmann::json& test) {
  const auto input = test["input"].get<std::string>();
  if (test["base"].is_null()) return url::try_parse(input);
  const auto base = url::try_parse(test["base"].get<std::string>());
  if (!base) return std::nullopt;
  try {
    return base->resolve(input);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("http and https URLs parse as the web platform's tests say", "[conformance]") {
  std::ifstream file(BRAID_SHARED_DIR "/data/conformance/url/urltestdata.json");
  if (!file) {
    WARN("SKIPPED: the URL conformance suite is not beside the checkout");
    return;
  }
  int total = 0, passed = 0;
  for (const auto& test : nlohmann::json::parse(file)) {
    if (!test.is_object()) continue;
    const auto input = test["input"].get<std::string>();
    const auto base = test["base"].is_null() ? std::string() : test["base"].get<std::string>();
    const bool fails = test.value("failure", false);
    if (fails ? !(is_http(input) || (is_http(base))) : !is_http(test["href"].get<std::string>())) continue;
    // A base of another scheme is no page that was fetched.
    if (!fails && !base.empty() && !is_http(base) && !is_http(input)) continue;
    ++total;
    const std::string expected = fails ? "refused" : test["href"].get<std::string>();
    const auto u = parsed(test);
    const std::string found = u ? std::string(u->str()) : "refused";
    passed += found == expected;
    CAPTURE(input, base, found, expected);
    // A difference that is none any more has to leave the list.
    CHECK((found == expected) != is_known_difference(input));
  }
  CHECK(total > 400);
  report_conformance("URL (web-platform-tests; http and https)", passed, total,
                     "U+2603 in a host: IDNA 2008 forbids what UTS 46 allows");
}
