#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "../fetch/options.hpp"

namespace braid::worker {

/// What `braid-serp worker` was asked to do.
struct worker_options {
  worker_options() = default;

  std::string redis;
  std::string queue = "serp";
  double lease = 60;  ///< seconds
  unsigned most_deliveries = 5;
  bool until_empty = false;
  fetch::fetch_options gathering;  ///< how pages are gathered, and --out
};

std::variant<worker_options, fetch::early_exit> parse_worker_line(int argc, const char* const* argv,
                                                                  const std::vector<std::string>& known);

/// What `braid-serp queue` was asked to do.
struct queue_options {
  queue_options() = default;

  std::string redis;
  std::string queue = "serp";
  bool json = false;
  bool requeue = false;
  std::size_t most = 1'000'000;  ///< dead jobs to queue again
};

std::variant<queue_options, fetch::early_exit> parse_queue_line(int argc, const char* const* argv);

}  // namespace braid::worker
