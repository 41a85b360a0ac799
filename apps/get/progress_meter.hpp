#pragma once

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <optional>

#include "progress_text.hpp"

namespace braid::get {

/// Draws the progress of transfers on standard error, four times a second at most. One may serve several transfers at
/// the same time, whose numbers it adds up. Threads: shared.
class progress_meter {
 public:
  enum class style : std::uint8_t { none, meter, bar };

  explicit progress_meter(style how) : style_(how) {}

  /// A transfer begins, at `now`; from byte `had` of its file on.
  void begin(time_point now, std::uint64_t had);
  void expect_received(std::uint64_t bytes, time_point now);
  void expect_sent(std::uint64_t bytes, time_point now);
  void received(std::uint64_t bytes, time_point now);
  void sent(std::uint64_t bytes, time_point now);
  /// It has ended, well or not. The line is left once the last one has.
  void end(time_point now);

 private:
  void changed(time_point now);
  void draw(time_point now);

  style style_;
  std::mutex mutex_;
  std::size_t running_ = 0;
  progress now_;
  time_point began_{}, drawn_{}, sampled_{};
  std::uint64_t sampled_bytes_ = 0;
  bool headed_ = false;
};

/// The width of standard error's terminal, $COLUMNS or 79.
std::size_t terminal_columns();

}  // namespace braid::get
