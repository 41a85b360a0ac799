#pragma once

#include <atomic>
#include <braid/core/clock.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/scrape/sink.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "formats.hpp"
#include "job.hpp"
#include "record.hpp"
#include "stored_jobs.hpp"

namespace braid::fetch {

/// How many records of each outcome are safe.
struct saved_counts {
  std::uint64_t success = 0;
  std::uint64_t blocked = 0;
  std::uint64_t failed = 0;

  std::uint64_t all() const { return success + blocked + failed; }
};

/// The save stage: records to the sink, then the end of their jobs to --state.
///
/// Threads: save() one call at a time; counts() anywhere.
class saver {
 public:
  using item = scrape::finished_item<job, record>;

  saver(std::unique_ptr<scrape::sink> sink, std::unique_ptr<stored_jobs_shared> state, format as);

  void save(std::span<item> items);
  /// Ends the file as its format wants it, and syncs.
  void finish();

  saved_counts counts() const;
  /// How often each error came. When nothing is being saved any more.
  const std::map<std::string, std::uint64_t>& errors() const { return errors_; }

 private:
  void sync_now_and_then();

  std::unique_ptr<scrape::sink> sink_;
  std::unique_ptr<stored_jobs_shared> state_;
  const format as_;
  std::atomic<std::uint64_t> success_ = 0, blocked_ = 0, failed_ = 0;
  std::map<std::string, std::uint64_t> errors_;
  time_point synced_;
};

}  // namespace braid::fetch
