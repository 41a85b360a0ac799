#pragma once

#include <braid/core/clock.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "../fetch/prometheus_text.hpp"

namespace braid::serve {

/// Counters of what the API answered, by route and status, with the time it took.
///
/// Threads: shared by all contexts.
class answer_counts_shared {
 public:
  void add(std::string_view route, int status, duration time);
  /// As Prometheus reads it (text format 0.0.4).
  std::string text() const;

 private:
  struct count {
    std::uint64_t answers = 0;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, std::map<int, count>, std::less<>> counts_;  // by route, then status
};

using fetch::append_metric;

}  // namespace braid::serve
