#include "output.hpp"

#include <cerrno>
#include <cstring>

#include "get_error.hpp"

namespace braid::get {

output::~output() {
  if (file_ && file_ != stdout) std::fclose(file_);
}

void output::open() {
  if (file_) return;
  file_ = name_ == "-" ? stdout : std::fopen(name_.c_str(), "wb");
  if (!file_) fail();
}

void output::write(std::string_view bytes) {
  open();
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
}

void output::close() {
  open();
  const bool good = std::fflush(file_) == 0;
  if (!good) fail();
}

void output::fail() const {
  const std::string reason = std::strerror(errno);
  throw get_error(write_failed, "cannot write to " + (name_ == "-" ? "standard output" : name_) + ": " + reason);
}

std::string remote_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.empty()) throw get_error(write_failed, "the URL names no file for -O");
  return std::string(name);
}

}  // namespace braid::get
