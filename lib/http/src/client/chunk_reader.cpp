#include "client/chunk_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <braid/http/headers.hpp>

#include "field_bytes.hpp"

namespace braid::http {

namespace {

bool skip_token(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_token(text.substr(size, 1))) ++size;
  text.remove_prefix(size);
  return size > 0;
}

bool skip_quoted(std::string_view& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

/// chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
bool is_extension(std::string_view text) {
  if (text.empty()) return true;
  if (!is_field_value(text)) return false;
  while (!text.empty()) {
    skip_blanks(text);
    if (!text.starts_with(';')) return false;
    text.remove_prefix(1);
    skip_blanks(text);
    if (!skip_token(text)) return false;
    std::string_view behind = text;
    skip_blanks(behind);
    if (!behind.starts_with('=')) continue;
    text = behind.substr(1);
    skip_blanks(text);
    if (!(text.starts_with('"') ? skip_quoted(text) : skip_token(text))) return false;
  }
  return true;
}

bool is_field_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != line.npos && is_token(line.substr(0, colon)) && is_field_value(line.substr(colon + 1));
}

}  // namespace

void chunk_reader::reset(bool lenient) {
  lenient_ = lenient;
  trailers_.clear();
  stage_ = stage::size;
  searched_ = trailer_bytes_ = 0;
  left_ = 0;
}

chunk_reader::outcome chunk_reader::read(std::string_view input) {
  consumed_ = 0;
  for (;;) {
    const std::string_view rest = input.substr(consumed_);
    switch (stage_) {
      case stage::data:
        if (rest.empty()) return outcome::need_more;
        data_ = rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size())));
        consumed_ += data_.size();
        left_ -= data_.size();
        if (left_ == 0) stage_ = stage::data_end;
        return outcome::data;
      case stage::data_end:
        if (lenient_ && rest.starts_with('\n')) {
          consumed_ += 1;
          stage_ = stage::size;
          break;
        }
        if (!rest.empty() && rest[0] != '\r') return outcome::malformed;
        if (rest.size() >= 2 && rest[1] != '\n') return outcome::malformed;
        if (rest.size() < 2) return outcome::need_more;
        consumed_ += 2;
        stage_ = stage::size;
        break;
      case stage::size:
      case stage::trailers: {
        const outcome what = read_line(rest);
        if (what != outcome::data) return what;
        break;
      }
      case stage::done:
        return outcome::end;
    }
  }
}

/// One line; `data` when it is good and there is more to read.
chunk_reader::outcome chunk_reader::read_line(std::string_view rest) {
  const void* const hit =
      searched_ < rest.size() ? std::memchr(rest.data() + searched_, '\n', rest.size() - searched_) : nullptr;
  const std::size_t size =
      hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - rest.data()) + 1 : rest.size();
  if (trailer_bytes_ + size > line_limit_) return outcome::too_long;
  if (!hit) {
    searched_ = rest.size();
    return outcome::need_more;
  }
  const bool has_return = size >= 2 && rest[size - 2] == '\r';
  if (!has_return && !lenient_) return outcome::malformed;
  const std::string_view line = rest.substr(0, size - (has_return ? 2 : 1));
  consumed_ += size;
  searched_ = 0;
  if (stage_ == stage::size) return read_size(line);
  trailer_bytes_ += size;
  if (line.empty()) {
    stage_ = stage::done;
    return outcome::end;
  }
  if (!lenient_ && !is_field_line(line)) return outcome::malformed;
  if (lenient_ && line.find('\0') != line.npos) return outcome::bad_trailer;
  trailers_ += line;
  trailers_ += "\r\n";
  return outcome::data;
}

chunk_reader::outcome chunk_reader::read_size(std::string_view line) {
  constexpr std::size_t most_digits = 16;
  const char* const begin = line.data();
  const auto number = std::from_chars(begin, begin + line.size(), left_, 16);
  const auto digits = static_cast<std::size_t>(number.ptr - begin);
  if (number.ec != std::errc() || digits > most_digits || line.empty() || line[0] == '-') return outcome::malformed;
  if (!lenient_ && !is_extension(line.substr(digits))) return outcome::malformed;
  stage_ = left_ == 0 ? stage::trailers : stage::data;
  return outcome::data;
}

}  // namespace braid::http
