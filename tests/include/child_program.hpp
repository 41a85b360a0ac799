#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// A program of somebody else's that a test runs: a server, on a port of 127.0.0.1 as a rule. Ended with the object.
class child_program {
 public:
  /// Is it on the machine?
  static bool installed(const std::string& name) {
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
      if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
    }
    return ::access(("/usr/sbin/" + name).c_str(), X_OK) == 0;
  }

  /// A port that nobody listens on at this moment.
  static std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    const bool good = ::bind(socket, reinterpret_cast<sockaddr*>(&at), size) == 0 &&
                      ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    ::close(socket);
    if (!good) throw std::runtime_error("no free port");
    return ntohs(at.sin_port);
  }

  /// Whether anybody does.
  static bool listens(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool good = ::connect(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
    ::close(socket);
    return good;
  }

  /// Starts it and waits until it listens. Its output is thrown away.
  child_program(const std::vector<std::string>& command, std::uint16_t port)
      : child_program(command, [port] { return listens(port); }) {}

  /// Waits until it is ready, and ends it with a signal that lets it tidy up.
  child_program(const std::vector<std::string>& command, const std::function<bool()>& ready, int end_signal = SIGKILL)
      : end_signal_(end_signal) {
    std::vector<char*> arguments;
    for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&files, 0, 1);
    posix_spawn_file_actions_adddup2(&files, 0, 2);
    const int failed = ::posix_spawnp(&pid_, arguments[0], &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("cannot run " + command[0]);
    for (int i = 0; i < 3000 && !ready(); ++i) {
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = 0;
        throw std::runtime_error(command[0] + " ended at once");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  child_program(const child_program&) = delete;
  child_program& operator=(const child_program&) = delete;
  ~child_program() {
    if (pid_ == 0) return;
    ::kill(pid_, end_signal_);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_ = 0;
  const int end_signal_;
};
