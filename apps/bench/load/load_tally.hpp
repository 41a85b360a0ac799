#pragma once

#include <atomic>
#include <braid/measure/histogram.hpp>
#include <braid/measure/thread_time.hpp>
#include <braid/measure/timeline.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace braid::bench {

/// What one context has done in a repetition.
///
/// Threads: the context's own; done() and wrong() may be read by others meanwhile, for the progress line.
struct alignas(64) load_tally {
  measure::histogram latency;  ///< due to answered, of requests that succeeded
  measure::histogram service;  ///< sent to answered: what latency would be without the wait for a free connection
  measure::histogram late;     ///< due to sent, of all
  std::uint64_t bytes = 0;     ///< of bodies
  std::chrono::nanoseconds last_sent{0};  ///< when the last request was, from the begin
  std::map<int, std::uint64_t> statuses;
  std::map<std::string, std::uint64_t> errors;  ///< requests without an answer, by code
  std::map<std::string, std::string> examples;  ///< the first message of each code
  measure::thread_time used;                    ///< by the context's thread, from the first request to the last
  std::chrono::nanoseconds wall{0};             ///< of the same span
  std::unique_ptr<measure::span_log> spans;     ///< null unless the repetition is recorded
  std::uint32_t first_worker = 0;               ///< of the context: workers are numbered over all of them
  std::atomic<std::uint64_t> done{0};           ///< finished, well or not
  std::atomic<std::uint64_t> wrong{0};          ///< of these: no answer, or a status from 400 on

  void answered(int status, std::uint64_t body_bytes, std::chrono::nanoseconds due_to_answer,
                std::chrono::nanoseconds sent_to_answer);
  void failed(const std::string& code, const std::string& message);
};

}  // namespace braid::bench
