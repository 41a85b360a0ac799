#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace client_tests {

/// Where a program of this name is, as a shell would find it; empty when it is not installed.
std::string find_program(const std::string& name);

/// A server of somebody else's on a free port of 127.0.0.1, in a process of its own that ends with the object.
class server_program {
 public:
  /// `arguments(port)` are those behind the program's name.
  using arguments = std::function<std::vector<std::string>(std::uint16_t port)>;

  /// Returns when it accepts connections. Throws: std::runtime_error with what it said when it does not.
  server_program(const std::string& program, arguments with, std::uint16_t port = 0);
  ~server_program();
  server_program(const server_program&) = delete;
  server_program& operator=(const server_program&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  std::string url(const std::string& scheme, const std::string& path) const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// Ends it now.
  void stop();

 private:
  bool start(const std::string& program, const std::vector<std::string>& with);

  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace client_tests
