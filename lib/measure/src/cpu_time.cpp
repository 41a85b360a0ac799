#include <braid/measure/cpu_time.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <string>
#include <system_error>

namespace braid::measure {
namespace {

std::chrono::nanoseconds from(const timeval& t) {
  return std::chrono::seconds{t.tv_sec} + std::chrono::microseconds{t.tv_usec};
}

std::chrono::nanoseconds from_ticks(long long ticks, long per_second) {
  return std::chrono::nanoseconds{ticks * (1'000'000'000LL / per_second)};
}

/// The CPU clock of a process counts in nanoseconds where /proc counts in ticks.
std::optional<std::chrono::nanoseconds> clock_of_process(pid_t pid) {
  clockid_t id{};
  timespec t{};
  if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &t) != 0) {
    return std::nullopt;
  }
  return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
}

/// The n-th field, counted from 0, of a text of fields divided by one space.
std::optional<long long> field(std::string_view text, int n) {
  for (; n > 0; --n) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(space + 1);
  }
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end != text.data() ? std::optional(value) : std::nullopt;
}

}  // namespace

cpu_time operator-(const cpu_time& later, const cpu_time& earlier) {
  constexpr std::chrono::nanoseconds none{0};
  const auto total = std::max(none, later.total() - earlier.total());
  const auto user = std::clamp(later.user - earlier.user, none, total);
  return {user, total - user};
}

cpu_time cpu_time_of_self() { return resource_usage_of_self().cpu; }

resource_usage resource_usage_of_self() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {{from(usage.ru_utime), from(usage.ru_stime)}, usage.ru_nvcsw, usage.ru_nivcsw, usage.ru_maxrss * 1024};
}

std::optional<cpu_time> parse_proc_stat(std::string_view line, long ticks_per_second) {
  // pid (command) state ppid ... : the command is free text, so fields are counted from the last parenthesis.
  const auto command_end = line.rfind(") ");
  if (command_end == std::string_view::npos || ticks_per_second <= 0) {
    return std::nullopt;
  }
  const auto fields = line.substr(command_end + 2);
  const auto user = field(fields, 11);  // utime and stime are the 14th and 15th of the line, the state is the 3rd
  const auto system = field(fields, 12);
  if (!user || !system) {
    return std::nullopt;
  }
  return cpu_time{from_ticks(*user, ticks_per_second), from_ticks(*system, ticks_per_second)};
}

std::optional<cpu_time> cpu_time_of_process(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) {
    return std::nullopt;
  }
  auto time = parse_proc_stat(line, sysconf(_SC_CLK_TCK));
  if (const auto exact = clock_of_process(pid); time && exact) {
    time->user = std::min(time->user, *exact);
    time->system = *exact - time->user;
  }
  return time;
}

std::optional<std::chrono::nanoseconds> parse_machine_stat(std::string_view line, long ticks_per_second) {
  // cpu  user nice system idle iowait irq softirq steal guest guest_nice: guests are counted in user already.
  constexpr std::string_view name = "cpu  ";
  if (!line.starts_with(name) || ticks_per_second <= 0) {
    return std::nullopt;
  }
  long long ticks = 0;
  for (const int column : {0, 1, 2, 5, 6, 7}) {
    const auto value = field(line.substr(name.size()), column);
    if (!value) {
      return std::nullopt;
    }
    ticks += *value;
  }
  return from_ticks(ticks, ticks_per_second);
}

std::optional<std::chrono::nanoseconds> busy_time_of_machine() {
  std::ifstream file("/proc/stat");
  std::string line;
  return std::getline(file, line) ? parse_machine_stat(line, sysconf(_SC_CLK_TCK)) : std::nullopt;
}

}  // namespace braid::measure
