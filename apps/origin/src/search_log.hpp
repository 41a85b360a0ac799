#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <braid/origin/route.hpp>

namespace braid::origin {

/// A file with a line for each search, written at once: seconds on the steady clock, the peer's address, the engine,
/// the query, with tabs between. Control characters of a query are spaces.
///
/// Threads: shared by all contexts.
class search_log_shared {
 public:
  /// Appends. Throws: io_error.
  explicit search_log_shared(const std::string& path);

  /// `peer` is "127.0.0.1:40312".
  void add(std::string_view peer, const route& where);

 private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::mutex mutex_;
  std::unique_ptr<std::FILE, closer> file_;
};

}  // namespace braid::origin
