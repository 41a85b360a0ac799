#include "request_body.hpp"

#include <braid/core/percent.hpp>

namespace braid::serve {
namespace {

using nlohmann::json;

bool is_json(std::string_view body, std::string_view content_type) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first != body.npos && body[first] == '{') return true;
  return content_type.find("json") != content_type.npos;
}

}  // namespace

std::variant<json, fault> read_parameters(std::string_view body, std::string_view content_type) {
  if (is_json(body, content_type)) {
    auto parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) return fault(400, "bad_json", "the body is no JSON");
    if (!parsed.is_object()) return fault(400, "bad_json", "the body is no JSON object");
    return parsed;
  }
  auto out = json::object();
  for (auto& [name, value] : form_decode(body)) {
    if (out.contains(name)) return fault(400, "bad_parameter", json_text(name) + " is there twice", name);
    out[name] = std::move(value);
  }
  return out;
}

std::variant<json, fault> read_batch(std::string_view body, std::size_t most) {
  auto parsed = json::parse(body, nullptr, false);
  const auto list = parsed.is_object() ? parsed.find("tasks") : parsed.end();
  if (list == parsed.end() || !list->is_array()) return fault(400, "bad_json", "expected {\"tasks\": [...]}", "tasks");
  if (list->empty() || list->size() > most) {
    return fault(400, "bad_parameter", "a batch has 1 to " + std::to_string(most) + " tasks", "tasks");
  }
  return std::move(*list);
}

}  // namespace braid::serve
