#include "answer_text.hpp"

#include <utility>

#include "../fetch/formats.hpp"
#include "../fetch/packed_page.hpp"

namespace braid::serve {
namespace {

using json = nlohmann::ordered_json;

std::string text_at(const json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// As one line of Markdown: what would mark it up is escaped.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

/// Fit for the parentheses of a link.
std::string link_text(std::string_view link) {
  std::string out;
  for (const char c : link) {
    switch (c) {
      case ' ':
        out += "%20";
        break;
      case '(':
        out += "%28";
        break;
      case ')':
        out += "%29";
        break;
      case '\n':
      case '\r':
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string linked(const json& item) {
  const auto title = escaped(text_at(item, "title"));
  const auto link = text_at(item, "link");
  return link.empty() ? title : '[' + title + "](" + link_text(link) + ')';
}

std::string csv_of(const json& record) {
  fetch::job what;
  const auto parameters = record.value("search_parameters", json::object());
  what.engine = text_at(parameters, "engine");
  what.query = text_at(parameters, "q");
  what.page = parameters.value("page", 1U);
  const auto status = text_at(record.value("search_metadata", json::object()), "status");
  return std::string(fetch::csv_header_line()) + '\n' + fetch::text_of(record, what, status, fetch::format::csv);
}

}  // namespace

std::string markdown_of(const json& record) {
  const auto parameters = record.value("search_parameters", json::object());
  const auto metadata = record.value("search_metadata", json::object());
  std::string out = "# " + escaped(text_at(parameters, "q")) + "\n\n" + escaped(text_at(parameters, "engine")) +
                    ", page " + std::to_string(parameters.value("page", 1U)) + ", " +
                    text_at(metadata, "processed_at") + '\n';
  if (const auto error = record.find("error"); error != record.end()) {
    out += "\n**" + escaped(text_at(*error, "code")) + "**: " + escaped(text_at(*error, "message")) + '\n';
  }
  if (const auto organic = record.find("organic_results"); organic != record.end() && organic->is_array()) {
    unsigned position = 0;
    out += '\n';
    for (const auto& item : *organic) {
      out += std::to_string(++position) + ". " + linked(item) + '\n';
      const auto snippet = escaped(text_at(item, "snippet"));
      if (!snippet.empty()) out += "   " + snippet + '\n';
    }
  }
  if (const auto questions = record.find("related_questions"); questions != record.end() && questions->is_array()) {
    out += "\n## Related questions\n\n";
    for (const auto& one : *questions) out += "- " + escaped(text_at(one, "question")) + '\n';
  }
  if (const auto searches = record.find("related_searches"); searches != record.end() && searches->is_array()) {
    out += "\n## Related searches\n\n";
    for (const auto& one : *searches) out += "- " + escaped(text_at(one, "query")) + '\n';
  }
  return out;
}

std::variant<answer_text, fault> render(scrape::task_result result, output as) {
  switch (as) {
    case output::json:
      return answer_text("application/json", std::move(result.record));
    case output::ndjson:
      return answer_text("application/x-ndjson", std::move(result.record) + '\n');
    case output::csv:
      return answer_text("text/csv; charset=utf-8", csv_of(json::parse(result.record)));
    case output::markdown:
      return answer_text("text/markdown; charset=utf-8", markdown_of(json::parse(result.record)));
    case output::html:
      break;
  }
  if (result.page.empty()) return fault(404, "no_page", "the page was not kept: ask for it with output=html");
  return answer_text("text/html; charset=utf-8", fetch::unpack_page(result.page, "the kept page"));
}

}  // namespace braid::serve
