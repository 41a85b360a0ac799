#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <braid/origin/engine.hpp>

namespace braid::origin {

/// One invented result. The same query and position give the same one, whichever engine shows it.
struct found_item {
  std::string title;
  std::string url;
  std::string host;
  std::string snippet;  ///< contains a word of the query
};

/// What a result page is made from.
struct search_page {
  std::string query;
  unsigned page = 0;  ///< 0 is the first
  std::uint64_t total = 0;
  std::vector<found_item> items;
  std::vector<std::string> related;

  search_page() = default;
};

struct page_options {
  std::uint64_t seed = 1;
  std::size_t page_bytes = 0;  ///< pages are filled up to about this size with markup that holds no results
  unsigned results = 10;       ///< a page
};

/// Invents what a search finds, from the query alone. A query whose text contains "no results" finds nothing; page 30
/// and later are empty.
search_page invent(std::string_view query, unsigned page, const page_options& options);

/// The engine's HTML for it, of the structure that the engine's real pages have.
std::string render(engine which, const search_page& page, const page_options& options);

/// The page an engine shows to what it takes for a robot, and the status that goes with it.
struct block_page {
  int status = 429;
  std::string html;
};
block_page render_block(engine which, std::string_view query);

}  // namespace braid::origin
