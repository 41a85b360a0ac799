#include <braid/core/url.hpp>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

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

TEST_CASE("http and https URLs parse as the web platform's tests say") {
  std::ifstream file(BRAID_SHARED_DIR "/data/conformance/url/urltestdata.json");
  if (!file) {
    WARN("SKIPPED: the URL conformance suite is not beside the checkout");
    return;
  }
  int ran = 0;
  for (const auto& test : nlohmann::json::parse(file)) {
    if (!test.is_object()) continue;
    const auto input = test["input"].get<std::string>();
    const auto base = test["base"].is_null() ? std::string() : test["base"].get<std::string>();
    const bool fails = test.value("failure", false);
    if (fails ? !(is_http(input) || (is_http(base))) : !is_http(test["href"].get<std::string>())) continue;
    if (is_known_difference(input)) continue;
    // A base of another scheme is no page that was fetched.
    if (!fails && !base.empty() && !is_http(base) && !is_http(input)) continue;
    ++ran;
    CAPTURE(input, base);
    const auto u = parsed(test);
    if (fails) {
      CHECK_FALSE(u.has_value());
    } else if (!u) {
      CHECK(test["href"].get<std::string>() == "refused");
    } else {
      CHECK(u->str() == test["href"].get<std::string>());
    }
  }
  CHECK(ran > 400);
}
