#pragma once

#include <stdexcept>
#include <string>

#include "exit_code.hpp"

namespace braid::get {

/// A failure of braid-get's own, with its exit code.
class get_error : public std::runtime_error {
 public:
  get_error(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const noexcept { return code_; }

 private:
  int code_;
};

/// Found while the options are read. What it says names the option.
class option_error : public get_error {
 public:
  using get_error::get_error;
};

/// A value that is none for its option. Its code is 2.
class bad_value : public get_error {
 public:
  explicit bad_value(const std::string& message) : get_error(usage, message) {}
};

/// An option that does not go with another. Its code is 2.
class bad_use : public get_error {
 public:
  explicit bad_use(const std::string& message) : get_error(usage, message) {}
};

}  // namespace braid::get
