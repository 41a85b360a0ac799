#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace braid::bench {

/// A braid-origin of our own, as a process, so that its processor time is counted apart from ours.
///
/// Lifetime: the process ends with the object, and with us if we are killed. It is in a process group of its own:
/// Ctrl-C reaches us only, and it goes on answering until our requests are finished.
class origin_process {
 public:
  /// Returns once the origin has said where it listens. Throws io_error when it cannot be started or says nothing.
  origin_process(const std::string& program, const std::vector<std::string>& arguments);
  ~origin_process();
  origin_process(const origin_process&) = delete;
  origin_process& operator=(const origin_process&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& url() const { return url_; }  ///< "http://127.0.0.1:PORT", https with TLS

 private:
  void stop();

  pid_t pid_ = -1;
  int output_ = -1;
  std::string url_;
};

/// braid-origin in the folder of the running program. Throws io_error when there is none.
std::string origin_beside_us();

/// The first http:// or https:// URL in a line, without a slash at its end; empty when there is none.
std::string url_in(const std::string& line);

}  // namespace braid::bench
