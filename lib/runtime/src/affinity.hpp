#pragma once

#include <vector>

namespace braid::detail {

/// The cores that the process may use, in order.
std::vector<int> usable_cores();
/// Confines the calling thread to these cores; a refusal (a container may forbid it) is ignored.
void stay_on(const std::vector<int>& cores) noexcept;

}  // namespace braid::detail
