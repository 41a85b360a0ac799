#include "load_tally.hpp"

namespace braid::bench {
namespace {

/// For a counter with one writer.
void count_one(std::atomic<std::uint64_t>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

void load_tally::answered(int status, std::uint64_t body_bytes, std::chrono::nanoseconds due_to_answer,
                          std::chrono::nanoseconds sent_to_answer) {
  ++statuses[status];
  bytes += body_bytes;
  if (status < 400) {
    latency.record(due_to_answer);
    service.record(sent_to_answer);
  } else {
    count_one(wrong);
  }
  count_one(done);
}

void load_tally::failed(const std::string& code, const std::string& message) {
  ++errors[code];
  examples.try_emplace(code, message);
  count_one(wrong);
  count_one(done);
}

}  // namespace braid::bench
