#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

/// What a process left behind.
struct ended {
  int code = -1;  ///< 128 + the signal that killed it
  std::string out;
  std::string err;
};

/// `braid-serp fetch` with plain_engines, in a process of its own.
class fetch_process {
 public:
  explicit fetch_process(std::vector<std::string> arguments, const std::string& input = {});
  fetch_process(const fetch_process&) = delete;
  fetch_process& operator=(const fetch_process&) = delete;
  ~fetch_process();

  void signal(int number) const;
  ended wait();
  /// What it has written to stdout so far.
  std::string out_so_far() const;

 private:
  pid_t child_ = -1;
  std::string folder_;
};

inline ended fetch(std::vector<std::string> arguments, const std::string& input = {}) {
  return fetch_process(std::move(arguments), input).wait();
}

/// braid-origin on a free port, while the object lives.
class origin {
 public:
  explicit origin(const std::vector<std::string>& options = {});
  origin(const origin&) = delete;
  origin& operator=(const origin&) = delete;
  ~origin();

  const std::string& url() const { return url_; }
  /// As --endpoint wants it.
  std::string as(const std::string& engine) const { return engine + '=' + url_ + '/' + engine; }

 private:
  pid_t child_ = -1;
  std::string url_;
};
