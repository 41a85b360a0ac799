#pragma once

#include <braid/core/clock.hpp>
#include <chrono>
#include <cstddef>

namespace braid::worker {

/// How soon a worker asks the queue again. A plain function of its state and what it is given.
///
/// The queue says when its next token or job is due. Where others took what was due, this worker asks less often, with
/// jitter: many workers at a slow engine are not to ask all of them for each token.
class take_pace {
 public:
  /// What gets free meanwhile is asked for at once.
  static constexpr duration shortest = std::chrono::milliseconds(2);
  /// How soon a job is seen that somebody queues while there is none.
  static constexpr duration longest = std::chrono::milliseconds(200);

  /// After a take that brought `jobs`; `wait` as redis_batch has it; `unit` is random, 0 to 1.
  duration after(std::size_t jobs, std::chrono::milliseconds wait, double unit);

 private:
  unsigned starved_ = 0;  // takes in a row that brought nothing although something was due
};

}  // namespace braid::worker
