#pragma once

#include <braid/scrape/sink.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "job.hpp"
#include "page_record.hpp"

namespace braid::fetch {

/// The name of an archive's index within its folder.
inline constexpr const char* archive_index = "index.jsonl";

/// Where --save-html keeps pages: a file for each, packed, and a line in index.jsonl with what reading it again needs.
/// A page that is got again is written again, and its last line counts.
///
/// Threads: shared by all contexts; calls block on the disk.
class page_archive_shared {
 public:
  /// Makes the folder. Throws: io_error.
  explicit page_archive_shared(std::string folder);

  /// The file that now holds the page. Throws: io_error.
  std::string keep(const job& what, const fetched_page& page);

 private:
  const std::string folder_;
  std::mutex mutex_;
  std::unique_ptr<scrape::sink> index_;
};

}  // namespace braid::fetch
