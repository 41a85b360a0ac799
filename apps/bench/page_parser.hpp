#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace braid::bench {

/// Parses result pages: tree, selectors, a record of the results, its JSON line.
///
/// Threads: any number at once.
class page_parser {
 public:
  /// Throws invalid_argument for an engine that is not known.
  explicit page_parser(const std::string& engine);
  ~page_parser();
  page_parser(page_parser&&) noexcept;
  page_parser& operator=(page_parser&&) noexcept;

  struct parsed {
    std::string json;         ///< the record, as it would be saved
    std::size_t results = 0;  ///< organic results in it
  };
  parsed parse(std::string_view html) const;

 private:
  struct state;
  std::unique_ptr<const state> state_;
};

}  // namespace braid::bench
