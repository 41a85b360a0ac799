#pragma once

#include <cstdint>
#include <string>

#include <braid/core/clock.hpp>

namespace soak {

struct load_options {
  std::string origin;  // "http://127.0.0.1:8080"
  std::uint64_t requests = 1'000'000;
  std::size_t connections = 200;
  bool http2 = false;
  std::uint64_t seed = 1;
  double cancelled = 0.02;
  braid::duration total = std::chrono::seconds(5);

  load_options() = default;
};

/// What became of the requests, and of the process that made them.
struct outcome {
  std::uint64_t good = 0;
  std::uint64_t lost = 0;       // the connection, or the stream
  std::uint64_t late = 0;       // timed out
  std::uint64_t cancelled = 0;  // by us
  std::uint64_t left = 0;       // by us, in the middle
  std::uint64_t wrong = 0;      // not what was asked for, or a failure that no fault explains
  std::string first_wrong;
  double slowest = 0;  // seconds
  double seconds = 0;
  std::size_t resident_early = 0;  // bytes in memory after a tenth of the requests
  std::size_t resident_end = 0;
  std::size_t descriptors_before = 0;
  std::size_t descriptors_after = 0;
  std::string pool;
  bool stuck = false;

  outcome() = default;
  std::uint64_t ended() const { return good + lost + late + cancelled + left + wrong; }
};

/// Runs all of it on one context and returns when the last request has ended and the pool is empty, or when nothing
/// happens any more.
outcome run(const load_options& options);

}  // namespace soak
