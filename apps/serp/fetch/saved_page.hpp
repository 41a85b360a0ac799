#pragma once

#include <braid/http/headers.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "job.hpp"
#include "page_record.hpp"
#include "record.hpp"

namespace braid::fetch {

/// A page that --save-html kept, with all that reading it again depends on.
struct saved_page {
  saved_page() = default;

  job what;
  request_facts facts;
  http::headers headers;  ///< of the response
  std::string file;
};

/// The page's line in the index of its folder: the file's name, what a record says of the request, the header fields.
/// Cookies stay out.
nlohmann::ordered_json index_line(const job& what, const fetched_page& page, const std::string& file);

/// Reads a line of an index, or a record of a run, whose page is its raw_html_file. Nothing for a record without a
/// page. `folder` is where the index is.
///
/// Throws: invalid_argument for what is neither.
std::optional<saved_page> saved_page_of(std::string_view line, const std::string& folder);

}  // namespace braid::fetch
