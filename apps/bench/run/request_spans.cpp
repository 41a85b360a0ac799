#include "request_spans.hpp"

#include <algorithm>

namespace braid::bench {

std::vector<std::string> phase_names() { return {"queue", "connect", "send", "wait", "receive", "parse", "failed"}; }

void add_span(measure::span_log& to, std::uint32_t task, task_phase what, std::chrono::nanoseconds begin,
              std::chrono::nanoseconds end) {
  measure::timeline_span one;
  one.begin = begin;
  one.end = end;
  one.task = task;
  one.what = static_cast<std::uint32_t>(what);
  to.add(one);
}

void add_request(measure::span_log& to, std::uint32_t task, std::chrono::nanoseconds begin,
                 const http::request_timings& took) {
  std::chrono::nanoseconds at{0};  // into the request
  const auto until = [&](task_phase what, std::chrono::nanoseconds end) {
    end = std::max(at, end);
    add_span(to, task, what, begin + at, begin + end);
    at = end;
  };
  until(task_phase::queue, took.queue);
  if (!took.reused) until(task_phase::connect, took.queue + took.resolve + took.connect + took.tls);
  until(task_phase::send, took.sent);
  until(task_phase::wait, took.first_byte);
  until(task_phase::receive, took.total);
}

}  // namespace braid::bench
