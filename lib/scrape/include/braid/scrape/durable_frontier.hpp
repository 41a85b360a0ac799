#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid::scrape {

/// A job to keep. `key` is what makes two jobs the same (a canonical request), `text` what the one who takes it needs.
struct new_job {
  new_job() = default;
  new_job(std::string job_key, std::string job_text, int job_priority = 0, int job_lane = 0)
      : key(std::move(job_key)), text(std::move(job_text)), priority(job_priority), lane(job_lane) {}

  std::string key;
  std::string text;
  int priority = 0;  ///< lower comes first; equals come in the order they were added
  int lane = 0;      ///< a queue of its own: what is slow to leave one keeps nobody from the others
  std::chrono::system_clock::time_point not_before;
};

struct taken_job {
  std::uint64_t id = 0;  ///< for finish() and give_back(); rises in the order of adding
  std::string text;
  int priority = 0;
  unsigned attempts = 0;  ///< how often it was given back, or tried again after it had failed
  std::string reason;     ///< why, the last time
};

/// A job that is over. A record that is not empty is kept in the same transaction; see durable_frontier::records().
struct finished_job {
  finished_job() = default;
  explicit finished_job(std::uint64_t job, bool failure = false, std::string job_record = {})
      : id(job), failed(failure), record(std::move(job_record)) {}

  std::uint64_t id = 0;
  bool failed = false;
  std::string reason;  ///< of the failure: what taken_job::reason says when it is tried again
  std::string record;
};

/// Totals over all runs: added = waiting + taken + done + failed.
struct frontier_counts {
  std::uint64_t added = 0;
  std::uint64_t waiting = 0;  ///< those whose time has not come included
  std::uint64_t taken = 0;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
};

struct durable_frontier_options {
  durable_frontier_options() = default;

  std::size_t cache_bytes = 64U << 20U;  ///< of the file's pages in memory
  std::size_t recent_keys = 1'000'000;   ///< keys in memory before they go to their place on disk, at 32 bytes each
  std::uint64_t most_bytes = 0;          ///< of the file; past it adding fails as on a full disk. 0: no limit
};

/// The jobs of a run in a SQLite file, so that a run that was killed goes on where it was and ten million jobs need no
/// more memory than ten.
///
/// A key is added once in the life of the file. A job taken is leased to this process, and the lease is kept in memory:
/// whatever ends the process, at the next open every job that was not finished is waiting again. Every call is one
/// transaction: when it returns, its effect survives the death of the process; call sync() for that of the machine.
///
/// Throws: io_error. A full disk takes back the call that met it and nothing else; the call can be made again.
/// Limits: memory is the cache, the recent keys, two to four bytes for each key ever added (64 MiB at most), and the
/// jobs taken. One process at a time has the file open. Beside
/// the file there is a log (FILE-wal), now and then as large as the keys are (30 bytes each).
/// Threads: one at a time; calls block on the disk: make them in the save step of a pipeline, or through offload().
/// Add and finish thousands at once: a transaction costs as much as hundreds of jobs.
class durable_frontier {
 public:
  using time = std::chrono::system_clock::time_point;

  /// `subject` says what the file is about, as the name of the output: a file kept for another subject is refused.
  durable_frontier(const std::filesystem::path& path, std::string_view subject,
                   const durable_frontier_options& options = {});
  ~durable_frontier();

  /// How many were new. Those whose key was there already are dropped.
  std::size_t add(std::span<const new_job> jobs);

  /// At most `most` jobs of a lane whose time has come, in order of priority.
  std::vector<taken_job> take(std::size_t most, time now, int lane = 0);

  /// Ends taken jobs, keeps their records and the mark: all of it or nothing. The mark is what the one who writes the
  /// records elsewhere wants to find again: where its file ended after them.
  void finish(std::span<const finished_job> jobs, std::uint64_t mark = 0);

  /// A taken job waits again, with one attempt more; not before the given time.
  void give_back(std::uint64_t id, std::string_view reason, time not_before = {});

  /// Jobs that finished as failed wait again, with one attempt more and the reason they failed for. How many they are.
  std::size_t retry_failed();

  frontier_counts counts() const;
  /// When the next job's time comes that is not due yet; the beginning of time without one.
  time next_due() const;
  /// False until finish() was called for the first time in the life of the file.
  bool has_mark() const noexcept;
  std::uint64_t mark() const noexcept;

  /// Records kept by finish(), in the order they were, after the `after`-th; at most `most`.
  std::vector<std::string> records(std::uint64_t after, std::size_t most);

  /// What was committed survives a power failure.
  void sync();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace braid::scrape
