#pragma once

#include <braid/http/response.hpp>
#include <braid/measure/timeline.hpp>
#include <string>
#include <vector>

namespace braid::bench {

constexpr std::size_t most_spans = 200'000;  ///< that are kept of a thread

/// What a task is seen doing. The order is that of phase_names().
enum class task_phase : std::uint32_t { queue, connect, send, wait, receive, parse, failed };

/// "queue", ...
std::vector<std::string> phase_names();

/// Adds what a request of `task` waited for, one phase after the other, from the moment `begin` on.
void add_request(measure::span_log& to, std::uint32_t task, std::chrono::nanoseconds begin,
                 const http::request_timings& took);

void add_span(measure::span_log& to, std::uint32_t task, task_phase what, std::chrono::nanoseconds begin,
              std::chrono::nanoseconds end);

}  // namespace braid::bench
