#pragma once

#include <braid/core/percent.hpp>
#include <braid/scrape/task_store.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "fault.hpp"

namespace braid::serve {

/// Which tasks /v1/tasks shall list.
struct list_request {
  list_request() = default;

  std::optional<scrape::task_state> state;  ///< all without it
  std::int64_t before = 0;                  ///< the cursor: a task's number; 0 begins at the newest
  std::size_t limit = 50;                   ///< 1 to 1000
};

/// From the query's parameters. One that does not exist is refused.
std::variant<list_request, fault> read_list_request(const query_pairs& parameters);

}  // namespace braid::serve
