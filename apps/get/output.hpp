#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "options.hpp"

namespace braid::get {

/// Where a body goes: standard output, or a file that is made with the first byte.
class output {
 public:
  /// How a file is opened.
  enum class mode : std::uint8_t { replace, append, only_new, next_free };

  /// "-" is standard output, empty is nowhere.
  output(std::string name, mode how, bool make_folders, bool unbuffered);
  ~output();
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Throws: get_error (23).
  void write(std::string_view bytes);
  /// Makes the file also when nothing was written. Throws: get_error (23).
  void open();
  /// Everything is written. Throws: get_error (23).
  void close();
  /// Begins again, for another attempt. Throws: get_error (23).
  void rewind();
  /// Takes the file away, if it was opened.
  void remove();

  bool is_file() const { return name_ != "-" && !name_.empty(); }
  bool is_open() const { return file_ != nullptr; }
  /// As it was made: next_free may have added a number.
  const std::string& name() const { return name_; }

 private:
  [[noreturn]] void fail() const;

  std::string name_;
  mode mode_;
  bool make_folders_;
  bool unbuffered_;
  std::FILE* file_ = nullptr;
};

/// The file name in a URL's path, for -O: its last part, or the folder's where it ends in '/', or "curl_response".
std::string remote_name(std::string_view path);

/// The file name in a Content-Disposition, without folders; empty where there is none.
std::string disposition_name(std::string_view value);

/// `name` in `folder`, unless that is empty.
std::string in_folder(const std::string& folder, const std::string& name);

/// Makes the folders that lead to `file`. Throws: get_error (23).
void make_folders_of(const std::string& file);

}  // namespace braid::get
