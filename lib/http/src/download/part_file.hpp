#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "download/rules.hpp"

namespace braid::http {

/// The file that a download grows in, and the note of what it is part of. Each function blocks, and throws io_error.
///
/// Threads: one at a time.
class part_file {
 public:
  /// Opens it, or makes it, for this download alone.
  explicit part_file(std::filesystem::path target);
  ~part_file();
  part_file(const part_file&) = delete;
  part_file& operator=(const part_file&) = delete;

  /// What an earlier run left of this URL; nothing received where that cannot be told.
  download_state left_of(std::string_view url) const;
  /// Empties it for the response whose validator this is.
  void begin(std::string_view url, const download_state& what);
  void append(std::string_view bytes);
  /// Gives it the target's name. Nothing is left of the part.
  void finish();

 private:
  [[noreturn]] void fail(const char* doing) const;

  std::filesystem::path target_, part_, note_;
  int file_ = -1;
};

}  // namespace braid::http
