#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace braid::get {

/// Where a body goes: standard output, or a file that is made with the first byte.
class output {
 public:
  /// "-" is standard output.
  explicit output(std::string name) : name_(std::move(name)) {}
  ~output();
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Throws: get_error (23).
  void write(std::string_view bytes);
  /// Everything is written, also when it was nothing. Throws: get_error (23).
  void close();

 private:
  void open();
  [[noreturn]] void fail() const;

  std::string name_;
  std::FILE* file_ = nullptr;
};

/// The file name in a URL's path, for -O. Throws: get_error (23) where there is none.
std::string remote_name(std::string_view path);

}  // namespace braid::get
