#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <braid/serp/engine.hpp>
#include <braid/serp/page_kind.hpp>

namespace braid::serp {

/// How often each field of each block was filled, over the records of one engine in one run. Selectors that a changed
/// page no longer fits fail silently: the record is there, its snippet is not. This is what shows it.
///
/// Threads: one at a time; every context counts for itself, and add() brings the counts together.
class fill_counter {
 public:
  struct field {
    std::string name;  ///< "organic_results.snippet"
    std::size_t rows = 0;
    std::size_t filled = 0;
    double rate() const { return rows == 0 ? 0 : static_cast<double>(filled) / static_cast<double>(rows); }
  };

  /// A record of parse_page(), as it is or as it was saved. Blocks and other pages that are no results count as pages
  /// only where no rule of the definition knew them.
  void add(const nlohmann::ordered_json& record);
  void add(const fill_counter& other);

  /// Pages with results.
  std::size_t pages() const { return pages_; }
  /// Pages that nothing of the definition fits.
  std::size_t unknown_pages() const { return unknown_; }
  std::size_t rows_of(const std::string& block) const;
  /// By name.
  std::vector<field> fields() const;
  /// How often one field was filled; no rows for a block that was never there.
  field of(const std::string& name) const;

 private:
  struct block_count {
    std::size_t rows = 0;
    std::map<std::string, std::size_t> filled;
  };
  void add_row(const std::string& block, const nlohmann::ordered_json& row);

  std::size_t pages_ = 0;
  std::size_t unknown_ = 0;
  std::map<std::string, block_count> blocks_;
};

/// What an engine's pages gave when its definition was written; from the definition.
struct fill_baseline {
  double rows_per_page = 0;              ///< organic results; 0: not known
  std::map<std::string, double> fields;  ///< "organic_results.snippet": 0.93
};

/// Something that fell under its baseline.
struct drift {
  std::string what;  ///< a field's name, "organic_results per page", or "pages that the definition knows"
  double expected = 0;
  double got = 0;
  std::size_t counted = 0;  ///< rows or pages
};

struct drift_limits {
  drift_limits() = default;
  double tolerance = 0.15;       ///< of a share: 0.93 may fall to 0.78
  std::size_t least_rows = 50;   ///< fewer say nothing of a field
  std::size_t least_pages = 10;  ///< fewer say nothing of pages
};

/// What fell under the engine's baseline, by more than the tolerance and by more than chance explains (three standard
/// deviations). Empty for a definition without a baseline, but for pages that it does not know.
std::vector<drift> drifted(const engine& of, const fill_counter& seen, const drift_limits& limits = {});

/// "organic_results.snippet: 31 % of 420, expected 93 %".
std::string to_string(const drift& one);

}  // namespace braid::serp
