#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace braid::http {

/// Reads a response's head line by line, as tools do that must get along with any server: lines may end with LF alone,
/// folded lines are joined by a space, a status line needs no reason, the first field may be indented. Refused are NUL,
/// a line without a colon, and a first line that is no status line of HTTP/1.x.
class lenient_head {
 public:
  enum class outcome : unsigned char {
    need_more,
    status,  ///< the first line: status(), version(), reason()
    field,   ///< name(), value()
    end,     ///< the empty line
    not_http,
    bad_version,
    malformed,
    too_long,
    line_too_long,  ///< more than 100 KiB, with what is folded into it
  };

  explicit lenient_head(std::size_t limit) : limit_(limit) {}

  void reset() { size_ = searched_ = lines_ = 0; }
  /// Reads one line at the front of `input`, of which consumed() bytes are done with. A field is known when the line
  /// behind it has begun, because that may belong to it; `last` says that nothing more will come.
  outcome read(std::string_view input, bool last = false);

  std::size_t consumed() const { return consumed_; }
  /// The line with its end, joined.
  const std::string& text() const { return text_; }
  int status() const { return status_; }
  int version() const { return version_; }
  std::string_view reason() const { return reason_; }
  std::string_view name() const { return name_; }
  std::string_view value() const { return value_; }

 private:
  outcome parse_status(std::string_view line);
  outcome parse_field(std::string_view line);
  bool join(std::string_view input, bool last);

  std::size_t limit_;
  std::size_t size_ = 0;      // of the head so far
  std::size_t searched_ = 0;  // of the line at the front: without its end in it
  std::size_t lines_ = 0;
  std::size_t consumed_ = 0;
  int status_ = 0;
  int version_ = 11;
  std::string text_, reason_, name_, value_;
};

}  // namespace braid::http
