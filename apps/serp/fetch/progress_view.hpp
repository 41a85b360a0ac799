#pragma once

#include <braid/scrape/progress.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include "run_tally.hpp"

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
  run_tally_shared::by_name engines, proxies;
  /// How long the slowest engine still takes, where the totals of all are known: a run is not over before.
  std::optional<duration> slowest;

  std::uint64_t finished() const { return done + blocked + failed; }
};

/// "[#####.....] 312/1,000  52.1/s  in flight 64  blocked 3  failed 5  ETA 13 s"
std::string bar_text(const run_counts& counts, const scrape::progress_meter& meter, std::size_t width);
/// "google    156/500  25.1/s  in flight 32  blocked 1  failed 2  ETA 14 s", of one engine or proxy.
std::string detail_text(const std::string& name, const tally_counts& counts, const scrape::progress_meter& meter);
/// The same facts for a log.
std::string plain_text(const run_counts& counts, const scrape::progress_meter& meter);
/// One JSON object a line, for programs.
std::string json_text(const run_counts& counts, const scrape::progress_meter& meter);

/// Draws on stderr: redraws a line on a terminal, under one for each engine and proxy where there are several; writes a
/// line every few seconds elsewhere.
class progress_view {
 public:
  explicit progress_view(progress_style style);

  progress_style style() const { return style_; }
  /// How long until the next update() should come.
  duration interval() const;
  void update(run_counts counts, time_point now, time_point begin);
  /// Takes the redrawn lines away, so that other text can follow.
  void clear();

 private:
  using meters = std::map<std::string, scrape::progress_meter>;

  void draw(const run_counts& counts);
  static void follow(meters& all, const run_tally_shared::by_name& tallies, time_point now, time_point begin);

  progress_style style_;
  std::optional<scrape::progress_meter> meter_;
  meters engines_, proxies_;
  std::size_t lines_ = 0;  // drawn above the last one
  bool drawn_ = false;
};

}  // namespace braid::fetch
