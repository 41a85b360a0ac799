#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "job.hpp"
#include "options.hpp"
#include "record.hpp"

namespace braid::fetch {

/// The alarm when pages no longer fit an engine's definition: a line, and the page that made it fall, kept beside the
/// records (or where --save-html says).
///
/// Threads: shared by all contexts.
class drift_notes_shared {
 public:
  explicit drift_notes_shared(const fetch_options& options);

  /// A page that cannot be written is said to be so, and the run goes on.
  void note(const job& what, const record& made);
  /// The lines since the last call.
  std::string take_notes();

 private:
  std::string beside_;  // a page's file is this and its id; empty: pages are not kept
  std::mutex mutex_;
  std::string notes_;
};

/// What is said at the end about what is under its baseline.
std::string drift_summary(const std::vector<std::string>& fallen);

}  // namespace braid::fetch
