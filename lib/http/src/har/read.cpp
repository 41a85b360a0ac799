#include <nlohmann/json.hpp>

#include <braid/core/base64.hpp>
#include <braid/core/error.hpp>

#include "har/entry.hpp"

namespace braid::http {
namespace {

using nlohmann::json;

const json& member(const json& of, const char* name) {
  const auto found = of.is_object() ? of.find(name) : of.end();
  if (!of.is_object() || found == of.end()) throw invalid_argument("\"" + std::string(name) + "\" is missing");
  return *found;
}

std::string text_of(const json& of, const char* name) {
  const json& value = member(of, name);
  if (!value.is_string()) throw invalid_argument("\"" + std::string(name) + "\" is no text");
  return value.get<std::string>();
}

headers fields_of(const json& of) {
  headers out;
  const json& all = member(of, "headers");
  if (!all.is_array()) throw invalid_argument("\"headers\" is no list");
  for (const json& one : all) {
    const std::string name = text_of(one, "name");
    // Browsers write the pseudo headers of HTTP/2 among the others.
    if (!name.starts_with(':')) out.add(name, text_of(one, "value"));
  }
  return out;
}

/// The text of a body, or the bytes that it stands for.
std::string bytes_of(const json& of, const char* encoding) {
  if (!of.contains("text")) return {};
  std::string text = text_of(of, "text");
  if (!of.contains(encoding) || text_of(of, encoding) != "base64") return text;
  std::optional<std::string> bytes = base64_decode(text);
  if (!bytes) throw invalid_argument("\"text\" is no base64");
  return std::move(*bytes);
}

}  // namespace

har_entry from_har(const json& entry) {
  har_entry out;
  const json& asked = member(entry, "request");
  out.method = text_of(asked, "method");
  out.url = text_of(asked, "url");
  if (const auto sent = asked.find("postData"); sent != asked.end() && sent->is_object()) {
    out.sent = bytes_of(*sent, "_encoding");
    out.has_sent = true;
  }
  const json& answer = member(entry, "response");
  const json& status = member(answer, "status");
  if (!status.is_number_integer() || status < 0 || status > 999) throw invalid_argument("\"status\" is no status");
  out.status = status.get<int>();
  if (const auto reason = answer.find("statusText"); reason != answer.end() && reason->is_string()) {
    out.reason = reason->get<std::string>();
  }
  out.answered = fields_of(answer);
  const json& content = member(answer, "content");
  if (!content.is_object()) throw invalid_argument("\"content\" is no object");
  out.received = bytes_of(content, "encoding");
  return out;
}

}  // namespace braid::http
