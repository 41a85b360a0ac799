#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace braid::measure {

/// What one task did, or waited for, from one moment to another; both count from the beginning of the run.
struct timeline_span {
  std::chrono::nanoseconds begin{0};
  std::chrono::nanoseconds end{0};
  std::uint32_t task = 0;
  std::uint32_t what = 0;  ///< an index into timeline::phases
};

/// The spans that one thread has seen.
///
/// Limits: what comes when it is full is counted and dropped, so that a long run shows its beginning. Threads: one
/// writes, without locks; others read when it has ended. Room is taken at construction, so that writing allocates
/// nothing.
class span_log {
 public:
  explicit span_log(std::size_t capacity);

  /// A span of no length is none.
  void add(const timeline_span& one) noexcept {
    if (one.end <= one.begin) return;
    if (spans_.size() < capacity_) {
      spans_.push_back(one);
    } else {
      ++dropped_;
    }
  }

  std::span<const timeline_span> spans() const noexcept { return spans_; }
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  std::size_t capacity_;
  std::vector<timeline_span> spans_;
  std::uint64_t dropped_ = 0;
};

/// The spans of a run, a lane for each thread.
struct timeline {
  struct lane {
    std::string name;
    std::vector<timeline_span> spans;  ///< by their beginnings
    std::uint64_t dropped = 0;
  };

  std::vector<std::string> phases;
  std::vector<lane> lanes;

  void add_lane(std::string name, const span_log& log);
};

}  // namespace braid::measure
