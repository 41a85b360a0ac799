#include "metrics.hpp"

namespace braid::serve {
using fetch::append_head;
using fetch::number_text;

void answer_counts_shared::add(std::string_view route, int status, duration time) {
  const std::lock_guard lock(mutex_);
  auto at = counts_.find(route);
  if (at == counts_.end()) at = counts_.try_emplace(std::string(route)).first;
  auto& one = at->second[status];
  ++one.answers;
  one.seconds += std::chrono::duration<double>(time).count();
}

std::string answer_counts_shared::text() const {
  const std::lock_guard lock(mutex_);
  std::string answers, seconds;
  append_head(answers, "braid_http_requests_total", "counter", "Requests answered.");
  append_head(seconds, "braid_http_request_seconds_total", "counter", "Time they took, in seconds.");
  for (const auto& [route, by_status] : counts_) {
    for (const auto& [status, one] : by_status) {
      const auto labels = "{route=\"" + route + "\",status=\"" + std::to_string(status) + "\"} ";
      answers += "braid_http_requests_total" + labels + std::to_string(one.answers) + '\n';
      seconds += "braid_http_request_seconds_total" + labels + number_text(one.seconds) + '\n';
    }
  }
  return answers + seconds;
}

}  // namespace braid::serve
