#pragma once

#include <braid/core/clock.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "options.hpp"

namespace braid::bench {

/// Shows on stderr how far a mode is, while it runs: a line redrawn in place on a terminal, a line now and then
/// elsewhere.
///
/// Threads: draws from a thread of its own, which asks `done`; gone when the object is.
class progress_line {
 public:
  progress_line(progress_style style, std::string label, std::optional<std::uint64_t> total,
                std::function<std::uint64_t()> done);
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

 private:
  void draw_until_stopped();
  void draw(std::uint64_t done, double elapsed);

  const bool on_terminal_;
  const std::string label_;
  const std::optional<std::uint64_t> total_;
  const std::function<std::uint64_t()> done_;
  const time_point begin_ = clock::now();
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::thread thread_;
};

/// "concurrent  [#####.....] 312/400  812 requests/s": without an end of line.
std::string progress_text(const std::string& label, std::optional<std::uint64_t> total, std::uint64_t done,
                          double elapsed_seconds);

}  // namespace braid::bench
