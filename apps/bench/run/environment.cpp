#include "environment.hpp"

#include <sys/utsname.h>

#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

#include "options.hpp"

namespace braid::bench {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) {
      const auto colon = line.find(": ");
      return colon == std::string::npos ? line : line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string frequency_governor() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  std::string name;
  return std::getline(file, name) ? name : "unknown";
}

std::string build_kind() {
  std::string kind;
#ifdef NDEBUG
  kind = "release";
#else
  kind = "debug";
#endif
#ifdef __SANITIZE_ADDRESS__
  kind += ", address sanitizer";
#endif
#ifdef __SANITIZE_THREAD__
  kind += ", thread sanitizer";
#endif
  return kind;
}

}  // namespace

environment this_environment() {
  utsname name{};
  uname(&name);
  return {cpu_model(), usable_cores(), frequency_governor(), std::string(name.sysname) + " " + name.release,
          __VERSION__, build_kind()};
}

nlohmann::json to_json(const environment& where) {
  return {{"cpu", where.cpu},       {"cores", where.cores},       {"governor", where.governor},
          {"kernel", where.kernel}, {"compiler", where.compiler}, {"build", where.build}};
}

std::string now_as_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace braid::bench
