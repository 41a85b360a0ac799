#include "page_parser.hpp"

#include <braid/serp/parse.hpp>
#include <braid/serp/registry.hpp>
#include <nlohmann/json.hpp>

namespace braid::bench {

page_parser::page_parser(const std::string& engine) : engine_(serp::registry::standard().find(engine)) {}

page_parser::parsed page_parser::parse(std::string_view html) const {
  const auto record = serp::parse_page(engine_, html);
  const auto results = record.json.find("organic_results");
  return {record.json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          results == record.json.end() ? 0 : results->size()};
}

}  // namespace braid::bench
