#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <braid/serp/page_kind.hpp>

namespace braid::app {

/// A saved page and what it must give.
struct indexed_page {
  std::string file;
  std::string engine;
  std::optional<serp::page_kind> kind;  // nothing: not said, or nothing that a record calls so
  std::vector<std::string> links;       // of organic results
  bool exhaustive = false;              // links are all there are
};

/// Reads FOLDER/index.jsonl: an object a line with file (from the folder), engine, kind, organic [{url}] and
/// exhaustive. What else stands there is left alone.
///
/// Throws: io_error, invalid_argument with file and line.
std::vector<indexed_page> read_index(const std::string& folder);

/// Two links of the same place are the same here: no www., no slash at the end, percent-decoded, without a fragment.
std::string place_of(const std::string& link);

}  // namespace braid::app
