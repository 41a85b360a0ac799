#include "serp/serve/request_body.hpp"

#include <catch2/catch.hpp>

using namespace braid::serve;
using nlohmann::json;

TEST_CASE("a body is JSON or a form") {
  const auto object = [](std::string_view body, std::string_view type) {
    auto read = read_parameters(body, type);
    const auto* found = std::get_if<json>(&read);
    return found != nullptr ? found->dump() : std::get<fault>(read).code;
  };
  constexpr std::string_view form = "application/x-www-form-urlencoded";
  CHECK(object("q=a+b%26&engine=google", form) == R"({"engine":"google","q":"a b&"})");
  CHECK(object(R"( {"q":1})", form) == R"({"q":1})");
  CHECK(object("[1]", "application/json") == "bad_json");
  CHECK(object("{", form) == "bad_json");
  CHECK(object("{\"q\":\"\xff\"}", form) == "bad_json");
  CHECK(object("q=1&q=2", form) == "bad_parameter");
  CHECK(object("", form) == "{}");
}

TEST_CASE("a batch is an object with a list of one task up to the most there may be") {
  const auto size = [](std::string_view body) {
    auto read = read_batch(body, 2);
    const auto* list = std::get_if<json>(&read);
    return list != nullptr ? std::to_string(list->size()) : std::get<fault>(read).code;
  };
  CHECK(size(R"({"tasks":[{"q":1}]})") == "1");
  CHECK(size(R"({"tasks":[1,2]})") == "2");
  CHECK(size(R"({"tasks":[1,2,3]})") == "bad_parameter");
  CHECK(size(R"({"tasks":[]})") == "bad_parameter");
  for (const char* body : {"", "[]", "{}", R"({"tasks":{}})", R"({"tasks":null})", R"({"tasks":[1})", "tasks=1"}) {
    INFO(body);
    CHECK(size(body) == "bad_json");
  }
}
