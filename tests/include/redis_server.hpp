#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "child_program.hpp"
#include "scratch_folder.hpp"

/// A Redis server of the test's own, on a free port of 127.0.0.1, its files in its own folder; ended with the object.
class redis_server {
 public:
  static bool installed() { return child_program::installed("redis-server"); }

  explicit redis_server(std::vector<std::string> more = {}) : more_(std::move(more)) { start(); }

  std::string address() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }

  /// Killed, and started again on the same port with what its append-only file holds.
  void restart() {
    stop();
    start();
  }
  void stop() { server_.reset(); }
  void start() {
    std::vector<std::string> command = {
        "redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1", "--dir", folder_.file("."),
        "--save",       "",       "--appendonly",        "yes"};
    command.insert(command.end(), more_.begin(), more_.end());
    server_ = std::make_unique<child_program>(command, [this] { return answers(); });
  }

 private:
  /// Not while it reads its files.
  bool answers() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port_);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string said(64, ' ');
    const bool good = ::connect(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 &&
                      ::write(socket, "PING\r\n", 6) == 6 && ::read(socket, said.data(), said.size()) > 0 &&
                      !said.starts_with("-LOADING");
    ::close(socket);
    return good;
  }

  const scratch_folder folder_;
  const std::vector<std::string> more_;
  const std::uint16_t port_ = child_program::free_port();
  std::unique_ptr<child_program> server_;
};
