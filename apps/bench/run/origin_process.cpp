#include "origin_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <braid/core/clock.hpp>
#include <braid/core/error.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

[[noreturn]] void fail(const std::string& what, int error) { throw io_error(what + ": " + std::strerror(error)); }

/// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(const char* program, char* const* arguments, int output, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) {
    _exit(127);  // the parent died before it could be waited for
  }
  dup2(output, STDOUT_FILENO);
  execv(program, arguments);
  _exit(127);
}

/// What comes on `fd` up to the end of the line; throws when that takes too long or the writer is gone.
std::string read_line(int fd, const std::string& program) {
  const auto end = clock::now() + patience;
  std::string line;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()).count();
    pollfd wait{fd, POLLIN, 0};
    if (left <= 0 || poll(&wait, 1, static_cast<int>(left)) == 0) {
      throw io_error(program + ": did not say within 10 s where it listens");
    }
    char c = 0;
    const auto got = read(fd, &c, 1);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      throw io_error(program + ": ended before it listened");
    }
    if (c == '\n') {
      return line;
    }
    line += c;
  }
}

}  // namespace

origin_process::origin_process(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);

  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail("start " + program, errno);
  }
  output_ = ends[0];
  const auto parent = getpid();
  // ThreadSanitizer has even _exit() write what stdio still holds: the child may inherit none of it.
  std::fflush(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    become(program.c_str(), pointers.data(), ends[1], parent);
  }
  const int error = errno;
  close(ends[1]);
  if (pid_ < 0) {
    close(output_);
    fail("start " + program, error);
  }
  try {
    const auto line = read_line(output_, program);
    url_ = url_in(line);
    if (url_.empty()) {
      throw io_error(program + ": expected the address it listens on, got: " + line);
    }
  } catch (...) {
    stop();
    throw;
  }
}

origin_process::~origin_process() { stop(); }

void origin_process::stop() {
  kill(pid_, SIGTERM);
  // It has nothing to save. A second is plenty; after that it is stuck.
  for (int tries = 0; tries < 100; ++tries) {
    if (waitpid(pid_, nullptr, WNOHANG) != 0) {
      close(output_);
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  close(output_);
}

std::string origin_beside_us() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = self.parent_path() / "braid-origin";
  if (error || !std::filesystem::exists(beside)) {
    throw io_error("there is no braid-origin beside this program; name one with --origin, or a URL with --target");
  }
  return beside.string();
}

std::string url_in(const std::string& line) {
  const auto plain = line.find("http://");
  const auto start = std::min(plain, line.find("https://"));
  if (start == std::string::npos) {
    return {};
  }
  auto url = line.substr(start, line.find_first_of(" \t\r,;)\"'", start) - start);
  while (url.ends_with('/') || url.ends_with('.')) {
    url.pop_back();
  }
  return url == "http:" || url == "https:" ? std::string{} : url;
}

}  // namespace braid::bench
