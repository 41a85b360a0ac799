#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace braid::http {

/// Finds the end of a request's head (request line and header lines) in bytes that arrive in pieces, and refuses what
/// two parsers could read in two ways before any parser sees it: bare LF, folded lines, NUL. Each byte is looked at
/// once, however it is cut up.
class head_scanner {
 public:
  enum class outcome : std::uint8_t { need_more, complete, malformed, line_too_long, head_too_long, too_many_fields };

  head_scanner(std::size_t line_limit, std::size_t head_limit, std::size_t field_limit)
      : line_limit_(line_limit), head_limit_(head_limit), field_limit_(field_limit) {}

  /// `input` begins with the head's first byte and holds at least what the call before it held.
  outcome scan(std::string_view input);
  /// Length of the head with its empty line. After `complete`.
  std::size_t head_size() const { return position_; }
  /// Length of the request line without its line end. After `complete`, and after any outcome that saw the line.
  std::size_t line_size() const { return line_size_; }
  void reset();
  /// Nothing scanned since the last reset().
  bool is_fresh() const { return searched_ == 0; }

 private:
  std::size_t line_limit_, head_limit_, field_limit_;
  std::size_t position_ = 0;  // begin of the line that is not complete yet
  std::size_t searched_ = 0;  // no LF in [position_, searched_)
  std::size_t lines_ = 0;     // complete ones, the request line among them
  std::size_t line_size_ = 0;
};

}  // namespace braid::http
