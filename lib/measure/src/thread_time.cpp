#include <braid/measure/thread_time.hpp>

#include <charconv>
#include <ctime>
#include <fstream>
#include <string>
#include <system_error>

namespace braid::measure {

thread_time thread_time_of_self() {
  thread_time now;
  timespec t{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0) {
    now.on_core = std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
  }
  std::ifstream file("/proc/thread-self/schedstat");
  std::string line;
  if (std::getline(file, line)) {
    now.kept_waiting = parse_schedstat(line).value_or(std::chrono::nanoseconds{0});
  }
  return now;
}

std::optional<std::chrono::nanoseconds> parse_schedstat(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) {
    return std::nullopt;
  }
  line.remove_prefix(space + 1);
  std::chrono::nanoseconds::rep value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  const bool read = error == std::errc{} && end != line.data() && value >= 0;
  return read ? std::optional(std::chrono::nanoseconds{value}) : std::nullopt;
}

}  // namespace braid::measure
