#include "soak/process_state.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace soak {

std::size_t resident_bytes() {
  std::ifstream from("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  from >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count - 1;  // that of the folder itself
}

}  // namespace soak
