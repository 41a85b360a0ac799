// trace_cost N: notes N requests over kept connections in a timeline. cost_test.sh counts what that takes.
#include <bench/run/request_spans.hpp>
#include <cstdlib>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const long count = std::atol(argv[1]);
  braid::http::request_timings took;
  took.reused = true;
  took.sent = 20us;
  took.first_byte = 300us;
  took.total = 310us;
  braid::measure::span_log log(braid::bench::most_spans);
  for (long i = 0; i < count; ++i) {
    braid::bench::add_request(log, static_cast<std::uint32_t>(i), i * 400us, took);
    took.total += 1ns;
  }
  return log.spans().size() == static_cast<std::size_t>(count) * 3 ? 0 : 1;
}
