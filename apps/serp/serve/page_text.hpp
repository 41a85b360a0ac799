#pragma once

#include <span>
#include <string_view>

namespace braid::serve {

/// page/openapi.json, compiled in.
extern const std::string_view openapi_json;

/// A part of the dashboard, compiled in.
struct page_file {
  std::string_view name;  ///< in page/, as "index.html"
  std::string_view type;  ///< media type
  std::string_view text;
};

std::span<const page_file> page_files();

}  // namespace braid::serve
