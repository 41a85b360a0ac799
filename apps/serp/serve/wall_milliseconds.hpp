#pragma once

#include <chrono>
#include <cstdint>

namespace braid::serve {

/// Since 1970: how the task store has times.
inline std::int64_t milliseconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace braid::serve
