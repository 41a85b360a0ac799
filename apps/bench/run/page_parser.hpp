#pragma once

#include <braid/serp/engine.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace braid::bench {

/// Parses result pages as braid-serp does: by the engine's definition, into the JSON line of the record.
///
/// Threads: any number at once.
class page_parser {
 public:
  /// Throws invalid_argument for an engine that is not known.
  explicit page_parser(const std::string& engine);

  struct parsed {
    std::string json;         ///< the record, as it would be saved
    std::size_t results = 0;  ///< organic results in it
  };
  parsed parse(std::string_view html) const;

 private:
  serp::engine engine_;
};

}  // namespace braid::bench
