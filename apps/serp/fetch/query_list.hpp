#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace braid::fetch {

/// The queries of a run in the order they came, each once.
class query_list {
 public:
  /// White space around a query and between its words means nothing; an empty one is skipped.
  void add(std::string_view query);
  /// One query a line. A byte order mark and carriage returns are dropped.
  void add_lines(std::istream& in);
  /// "-" is standard input. Throws io_error when the file cannot be read.
  void add_file(const std::string& path);

  const std::vector<std::string>& queries() const { return queries_; }
  std::size_t duplicates() const { return duplicates_; }
  std::size_t empty_lines() const { return empty_; }

 private:
  std::vector<std::string> queries_;
  std::unordered_set<std::string> seen_;
  std::size_t duplicates_ = 0;
  std::size_t empty_ = 0;
};

}  // namespace braid::fetch
