#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "job.hpp"
#include "page_record.hpp"
#include "saved_page.hpp"

namespace braid::fetch {

/// The gather stage of --replay: pages of earlier runs instead of those of engines. Nothing here knows a network.
///
/// Threads: const members are called on every context at the same time. Memory: about a KiB a page, not the pages.
class replay {
 public:
  replay() = default;
  /// A folder of --save-html, its index, or the records (JSONL) of a run that had --save-html. Of several lines about
  /// one request the last counts. Throws: io_error, invalid_argument with file and line.
  explicit replay(const std::string& from);

  /// In the order they were got.
  std::vector<job> jobs() const;
  /// Records that have no page.
  std::size_t without_page() const noexcept { return without_page_; }

  /// Reads the page; blocks on the disk. Throws: gather_error when its file is gone or broken.
  fetched_page page(const job& what, unsigned context) const;

 private:
  std::vector<std::string> order_;
  std::unordered_map<std::string, saved_page> pages_;  // by id
  std::size_t without_page_ = 0;
};

}  // namespace braid::fetch
