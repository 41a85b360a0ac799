#include "serp/serve/task_request.hpp"

#include <catch2/catch.hpp>

using namespace braid::serve;
using nlohmann::json;

namespace {

const std::vector<std::string> engines = {"bing", "google"};

task_request good(const json& parameters) {
  auto read = read_request(parameters, engines);
  if (const auto* wrong = std::get_if<fault>(&read)) FAIL(wrong->message);
  return std::get<task_request>(read);
}

/// Code and parameter of the refusal.
std::string wrong(const json& parameters) {
  auto read = read_request(parameters, engines);
  if (std::holds_alternative<task_request>(read)) return "taken";
  const auto& why = std::get<fault>(read);
  return why.code + ' ' + why.parameter;
}

json with(const char* name, json value) {
  json out = {{"engine", "google"}, {"q", "x"}};
  out[name] = std::move(value);
  return out;
}

}  // namespace

TEST_CASE("a request has what was asked for, and defaults for the rest") {
  const auto plain = good({{"engine", "bing"}, {"q", "a b"}});
  CHECK(plain.what.engine == "bing");
  CHECK(plain.what.query == "a b");
  CHECK(plain.what.device == "desktop");
  CHECK(plain.what.page == 1);
  CHECK(plain.as == output::json);
  CHECK_FALSE(plain.async);
  const auto full = good({{"engine", "google"},
                          {"q", "x"},
                          {"gl", "de"},
                          {"hl", "pt-BR"},
                          {"google_domain", "google.de"},
                          {"location", "Bonn"},
                          {"device", "mobile"},
                          {"num", "20"},
                          {"start", 30},
                          {"page", 2},
                          {"safe", "off"},
                          {"tbs", "qdr:d"},
                          {"output", "csv"},
                          {"async", "true"},
                          {"no_cache", true}});
  CHECK(full.what.google_domain == "www.google.de");
  CHECK(full.what.num == 20);
  CHECK(full.what.start == 30);
  CHECK(full.as == output::csv);
  CHECK(full.async);
  CHECK(full.no_cache);
}

TEST_CASE("the parameters that are stored are read again as they were") {
  const auto first = good({{"engine", "google"},
                           {"q", "ü \"x\""},
                           {"google_domain", "google.co.uk"},
                           {"num", 5},
                           {"output", "html"},
                           {"callback_url", "https://example.org/done"}});
  const auto text = parameters_json(first);
  const auto again = good(json::parse(text));
  CHECK(parameters_json(again) == text);
  CHECK(sameness(again) == sameness(first));
  CHECK(again.callback == first.callback);
}

TEST_CASE("requests are the same when the same record answers them") {
  const json plain = {{"engine", "google"}, {"q", "x"}};
  CHECK(sameness(good(plain)) == sameness(good(with("page", 1))));
  CHECK(sameness(good(plain)) == sameness(good(with("output", "csv"))));
  const json others = {{"page", 2},       {"gl", "de"},    {"num", 5},           {"start", 3},
                       {"tbs", "t"},      {"safe", "off"}, {"location", "Bonn"}, {"google_domain", "google.de"},
                       {"output", "html"}};
  for (const auto& [name, value] : others.items()) {
    INFO(name);
    CHECK(sameness(good(plain)) != sameness(good(with(name.c_str(), value))));
  }
}

TEST_CASE("a request that could mean something else is refused with its parameter") {
  CHECK(wrong({{"q", "x"}}) == "missing_parameter engine");
  CHECK(wrong({{"engine", "google"}}) == "missing_parameter q");
  CHECK(wrong(json::array()) == "bad_parameter ");
  CHECK(wrong(with("engine", "Google")) == "unknown_engine engine");
  CHECK(wrong(with("query", "x")) == "unknown_parameter query");
  CHECK(wrong(with("q", "a\nb")) == "bad_parameter q");
  CHECK(wrong(with("q", "a\xff")) == "bad_parameter q");
  CHECK(wrong(with("page", "1x")) == "bad_parameter page");
  CHECK(wrong(with("page", "-1")) == "bad_parameter page");
  CHECK(wrong(with("page", 18446744073709551615ULL)) == "bad_parameter page");
  CHECK(wrong(with("callback_url", "ftp://example.org/")) == "bad_parameter callback_url");
  CHECK(wrong(with("callback_url", "http://a:b@example.org/")) == "bad_parameter callback_url");
}

TEST_CASE("no google_domain leads away from Google") {
  for (const char* name :
       {"google.com", "www.google.com", "google.de", "google.co.uk", "google.com.br", "google.cat"}) {
    INFO(name);
    CHECK(wrong(with("google_domain", name)) == "taken");
  }
  for (const char* name : {"", "google", "google.", "google.com.", "google.com/", "google.com:80", "evil.example",
                           "google.com.evil", "google.evil.com", "google.com@evil", "www.www.google.com", "google.d3",
                           "google.co.", "google.com.evil.example", "google.xyz"}) {
    INFO(name);
    CHECK(wrong(with("google_domain", name)) == "bad_parameter google_domain");
  }
}
