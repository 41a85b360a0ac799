#pragma once

#include <braid/scrape/progress.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "options.hpp"

namespace braid::fetch {

/// A run at one moment.
struct run_counts {
  std::uint64_t total = 0;
  std::uint64_t done = 0;  ///< successes
  std::uint64_t blocked = 0;
  std::uint64_t failed = 0;
  std::uint64_t in_flight = 0;  ///< being gathered
  std::uint64_t waiting_for_parse = 0;
  std::uint64_t waiting_for_save = 0;

  std::uint64_t finished() const { return done + blocked + failed; }
};

/// "[#####.....] 312/1,000  52.1/s  in flight 64  blocked 3  failed 5  ETA 13 s"
std::string bar_text(const run_counts& counts, const scrape::progress_meter& meter, std::size_t width);
/// The same facts for a log.
std::string plain_text(const run_counts& counts, const scrape::progress_meter& meter);
/// One JSON object a line, for programs.
std::string json_text(const run_counts& counts, const scrape::progress_meter& meter);

/// Draws on stderr: redraws one line on a terminal, writes a line every few seconds elsewhere.
class progress_view {
 public:
  explicit progress_view(progress_style style);

  progress_style style() const { return style_; }
  /// How long until the next update() should come.
  duration interval() const;
  void update(const run_counts& counts, time_point now, time_point begin);
  /// Takes the redrawn line away, so that other text can follow.
  void clear();

 private:
  progress_style style_;
  std::optional<scrape::progress_meter> meter_;
  bool drawn_ = false;
};

}  // namespace braid::fetch
