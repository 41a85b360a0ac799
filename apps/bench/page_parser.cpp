#include "page_parser.hpp"

#include <algorithm>
#include <array>
#include <braid/core/error.hpp>
#include <braid/html/document.hpp>
#include <braid/html/selector.hpp>
#include <nlohmann/json.hpp>

namespace braid::bench {
namespace {

struct engine_selectors {
  std::string_view engine;
  std::string_view link;  ///< of each result
};

// Structure rather than class names, as far as it carries.
constexpr std::array<engine_selectors, 6> engines{{{"google", "a:has(h3)"},
                                                   {"bing", "li.b_algo h2 a"},
                                                   {"duckduckgo", "a.result__a, h2 a"},
                                                   {"brave", "div.snippet a:has(.title), a.result-header"},
                                                   {"ecosia", "a:has(h2), .result__title a"},
                                                   {"yahoo", "h3 a, a:has(h3)"}}};

std::string_view link_of(const std::string& engine) {
  const auto at = std::find_if(engines.begin(), engines.end(), [&](const auto& e) { return e.engine == engine; });
  if (at == engines.end()) {
    throw invalid_argument("--engine " + engine + ": expected google, bing, duckduckgo, brave, ecosia or yahoo");
  }
  return at->link;
}

}  // namespace

struct page_parser::state {
  explicit state(const std::string& engine) : link(link_of(engine)) {}
  html::selector link;
};

page_parser::page_parser(const std::string& engine) : state_(std::make_unique<const state>(engine)) {}
page_parser::~page_parser() = default;
page_parser::page_parser(page_parser&&) noexcept = default;
page_parser& page_parser::operator=(page_parser&&) noexcept = default;

page_parser::parsed page_parser::parse(std::string_view html) const {
  const auto document = html::document::parse(html);
  auto results = nlohmann::json::array();
  for (const auto& link : document.select(state_->link)) {
    results.push_back(
        {{"position", results.size() + 1}, {"title", link.text()}, {"link", link.attribute("href").value_or("")}});
  }
  const nlohmann::json record{{"title", document.title()}, {"organic_results", std::move(results)}};
  return {record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), record["organic_results"].size()};
}

}  // namespace braid::bench
