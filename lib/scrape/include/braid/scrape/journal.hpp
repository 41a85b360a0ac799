#pragma once

#include <braid/scrape/output_file.hpp>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace braid::scrape {

/// Remembers which jobs are done, so that a run that was killed goes on where it was.
///
/// A commit names the jobs whose records have just been written and the position of the sink after them, in one write.
/// What a sink holds beyond the last commit belongs to no finished job: resuming cuts it off, so that no record is lost
/// and none is there twice.
///
/// Limits: the ids of all finished jobs are held in memory.
/// Threads: one at a time.
class journal {
 public:
  /// Reads what is there. `subject` says what the journal is about (the output file): throws io_error if it was kept
  /// for another one, or is no journal.
  journal(const std::filesystem::path& path, std::string_view subject);

  bool contains(const std::string& id) const { return done_.contains(id); }
  std::size_t size() const noexcept { return done_.size(); }
  /// False for a new journal: commit where the sink stands before anything is written to it.
  bool has_commit() const noexcept { return has_commit_; }
  /// Position of the sink at the last commit.
  std::uint64_t position() const noexcept { return position_; }

  /// Ids must not contain line ends.
  void commit(std::span<const std::string> ids, std::uint64_t position);
  void sync() { file_.sync(); }

 private:
  void load(const std::filesystem::path& path, const std::string& first_line);

  output_file file_;
  std::unordered_set<std::string> done_;
  std::uint64_t position_ = 0;
  bool has_commit_ = false;
};

}  // namespace braid::scrape
