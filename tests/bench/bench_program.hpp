#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

#include <catch2/catch.hpp>

namespace bench_tests {

struct outcome {
  int code = -1;
  std::string out;
};

/// Runs braid-bench through a shell. `before` stands in front of it in the command.
inline outcome run(const std::string& arguments, bool with_errors = false, const std::string& before = {}) {
  const auto command =
      before + std::string(BRAID_BIN_DIR) + "/braid-bench " + arguments + (with_errors ? " 2>&1" : " 2>/dev/null");
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  outcome result;
  std::array<char, 4096> buffer{};
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    result.out.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace bench_tests
