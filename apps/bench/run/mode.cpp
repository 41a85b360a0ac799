#include "mode.hpp"

#include <algorithm>
#include <array>

namespace braid::bench {
namespace {

constexpr std::array<mode, 5> modes{mode::sequential, mode::concurrent, mode::parallel, mode::parallel_concurrent,
                                    mode::shared};
constexpr std::array<std::string_view, 5> names{"sequential", "concurrent", "parallel", "parallel-concurrent",
                                                "shared"};

std::string counted(unsigned count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

std::string_view to_string(mode value) { return names[static_cast<std::size_t>(value)]; }

std::optional<mode> mode_from(std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? std::nullopt : std::optional(modes[static_cast<std::size_t>(at - names.begin())]);
}

std::span<const mode> all_modes() { return modes; }

std::string mode_plan::describe() const {
  if (kind == mode::shared) {
    return "1 context run by " + counted(threads, "thread") + ", " + counted(tasks, "task");
  }
  if (contexts == 1) {
    return "1 context, " + counted(tasks, "task");
  }
  const auto fewest = std::to_string(tasks / contexts);
  const auto most = std::to_string((tasks + contexts - 1) / contexts);
  const auto each = fewest == most ? fewest : fewest + " or " + most;
  return counted(contexts, "context") + ", " + each + (most == "1" ? " task" : " tasks") + " on each";
}

mode_plan plan_of(mode kind, unsigned contexts, unsigned concurrency) {
  switch (kind) {
    case mode::sequential:
      return {kind, 1, 1, 1};
    case mode::concurrent:
      return {kind, 1, 1, concurrency};
    case mode::parallel:
      return {kind, contexts, contexts, contexts};
    case mode::parallel_concurrent:
      return {kind, contexts, contexts, concurrency};
    case mode::shared:
      return {kind, 1, contexts, concurrency};
  }
  return {};
}

}  // namespace braid::bench
