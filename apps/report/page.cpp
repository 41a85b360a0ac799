#include "page.hpp"

#include <nlohmann/json.hpp>

#include "page_text.hpp"

namespace braid::report {
namespace {

/// What may stand in a script element: no "<" at all, so that nothing in a URL or a message can end it.
std::string harmless(const nlohmann::json& value) {
  const auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

/// Appends the page up to `mark`, then `text`; goes on behind the mark.
void fill(std::string& out, std::string_view& rest, std::string_view mark, std::string_view text) {
  const auto at = rest.find(mark);
  out += rest.substr(0, at);
  out += text;
  rest.remove_prefix(at + mark.size());
}

}  // namespace

std::string page(const nlohmann::json& data, std::string_view script) {
  std::string out;
  auto rest = page_html;
  fill(out, rest, "%DATA%", harmless(data));
  fill(out, rest, "%LIBRARY%", page_library);
  fill(out, rest, "%COMMON%", page_common);
  fill(out, rest, "%SCRIPT%", script);
  out += rest;
  return out;
}

}  // namespace braid::report
