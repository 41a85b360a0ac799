#pragma once

#include <string>

namespace braid::serp {

/// A query in the words of the record's search_parameters. What is left empty or 0 is left out of the engine's URL, or
/// takes the default of its definition.
struct search_request {
  search_request() = default;
  search_request(std::string engine_name, std::string query) : engine(std::move(engine_name)), q(std::move(query)) {}

  std::string engine;
  std::string q;
  std::string gl;  ///< country, two letters
  std::string hl;  ///< language, two letters
  std::string google_domain;
  std::string location;
  std::string device;  ///< "desktop", "mobile", "tablet"
  int num = 0;         ///< results a page
  int start = 0;       ///< the first result, from 0; worked out from `page` when 0
  int page = 1;        ///< from 1
  std::string safe;    ///< "active" or "off"
  std::string tbs;     ///< the engine's own filter, passed through
};

}  // namespace braid::serp
