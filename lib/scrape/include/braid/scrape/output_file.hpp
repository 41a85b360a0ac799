#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace braid::scrape {

/// A file that only grows, or standard output. Nothing is buffered here: what write() returned for survives the death
/// of the process, what sync() returned for survives that of the machine.
///
/// Throws: io_error with the file's name, what failed and how much is safe. A write that fails in the middle is taken
/// back where that can be done, so that the file ends where a record ends. Threads: one at a time.
class output_file {
 public:
  enum class mode : std::uint8_t { append, replace };

  output_file(const std::filesystem::path& path, mode how);
  static output_file standard_output() { return output_file(); }
  output_file(output_file&& other) noexcept;
  output_file& operator=(output_file&&) = delete;
  ~output_file();

  void write(std::string_view text);
  void sync();
  void cut(std::uint64_t size);

  /// Bytes in the file; for a stream, bytes written.
  std::uint64_t size() const noexcept { return size_; }
  const std::string& name() const noexcept { return name_; }
  /// Has a size that can be cut, unlike a pipe or a terminal.
  bool is_regular() const noexcept { return regular_; }

  /// The first bytes of the file, at most `most`.
  std::string head(std::size_t most) const;
  /// The end of the file, at most `most` bytes.
  std::string tail(std::size_t most) const;
  /// Just after the last '\n': zero if there is none.
  std::uint64_t end_of_last_line() const;

 private:
  output_file();

  std::string read(std::uint64_t from, std::size_t size) const;

  int file_ = -1;
  bool owned_ = true;
  bool regular_ = false;
  std::uint64_t size_ = 0;
  std::string name_;
};

}  // namespace braid::scrape
