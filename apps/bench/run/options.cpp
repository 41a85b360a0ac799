#include "options.hpp"

#include <sched.h>

#include <algorithm>

namespace braid::bench {

std::optional<std::uint64_t> modes_options::requests_of(mode kind) const {
  return kind == mode::sequential && sequential_requests ? sequential_requests : requests;
}

std::vector<mode_plan> modes_options::plans() const {
  std::vector<mode_plan> out;
  for (const auto kind : only.empty() ? std::vector<mode>(all_modes().begin(), all_modes().end()) : only) {
    out.push_back(plan_of(kind, contexts, concurrency));
  }
  return out;
}

unsigned usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) {
    return 1;
  }
  return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

}  // namespace braid::bench
