#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace braid::fetch {

/// The queries of a run in the order they came, each once.
class query_list {
 public:
  query_list() = default;
  /// Gives the queries away, so many at a time, instead of keeping them: each once among those given at a time. The
  /// last come with flush().
  query_list(std::size_t at_a_time, std::function<void(const std::vector<std::string>&)> take)
      : at_a_time_(at_a_time), take_(std::move(take)) {}

  /// White space around a query and between its words means nothing; an empty one is skipped.
  void add(std::string_view query);
  /// One query a line. A byte order mark and carriage returns are dropped.
  void add_lines(std::istream& in);
  /// "-" is standard input. Throws io_error when the file cannot be read.
  void add_file(const std::string& path);

  void flush();

  const std::vector<std::string>& queries() const { return queries_; }
  std::size_t duplicates() const { return duplicates_; }
  std::size_t empty_lines() const { return empty_; }

 private:
  std::vector<std::string> queries_;
  std::unordered_set<std::string> seen_;
  std::size_t duplicates_ = 0;
  std::size_t empty_ = 0;
  std::size_t at_a_time_ = std::numeric_limits<std::size_t>::max();
  std::function<void(const std::vector<std::string>&)> take_;
};

}  // namespace braid::fetch
