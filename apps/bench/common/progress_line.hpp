#pragma once

#include <braid/core/clock.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "bench/run/options.hpp"

namespace braid::bench {

/// What a progress line shows.
struct progress_numbers {
  std::uint64_t done = 0;
  std::uint64_t wrong = 0;  ///< of these
};

/// Shows on stderr how far a mode is, while it runs: a line redrawn in place on a terminal, a line now and then
/// elsewhere.
///
/// Threads: draws from a thread of its own, which asks `numbers`; gone when the object is.
class progress_line {
 public:
  progress_line(progress_style style, std::string label, std::optional<std::uint64_t> total,
                std::function<progress_numbers()> numbers);
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

 private:
  void draw_until_stopped();
  void draw(progress_numbers numbers, double elapsed);

  const bool on_terminal_;
  const std::string label_;
  const std::optional<std::uint64_t> total_;
  const std::function<progress_numbers()> numbers_;
  const time_point begin_ = clock::now();
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::thread thread_;
};

/// "concurrent  [#####.....] 312/400  812 requests/s": without an end of line.
std::string progress_text(const std::string& label, std::optional<std::uint64_t> total, progress_numbers numbers,
                          double elapsed_seconds);

}  // namespace braid::bench
