#pragma once

#include <cstddef>

namespace soak {

/// Bytes of this process that are in memory.
std::size_t resident_bytes();

/// Descriptors that this process has open.
std::size_t open_descriptors();

}  // namespace soak
