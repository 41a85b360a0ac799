#include <algorithm>
#include <charconv>
#include <utility>

#include <braid/core/error.hpp>
#include <braid/core/utf8.hpp>
#include <braid/http/event_source.hpp>

namespace braid::http {

void event_parser::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (std::exchange(skip_newline_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto end = bytes.find_first_of("\r\n");
    if (line_.size() + bytes.substr(0, end).size() > limit_) {
      throw limit_error("a line of the event stream is over the limit of " + std::to_string(limit_) + " bytes");
    }
    line_ += bytes.substr(0, end);
    if (end == std::string_view::npos) return;
    skip_newline_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    const std::string line = std::exchange(line_, {});
    std::string_view text = line;
    if (std::exchange(at_start_, false) && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    take_line(text);
  }
}

void event_parser::take_line(std::string_view line) {
  if (line.empty()) return dispatch();
  const auto colon = line.find(':');
  if (colon == 0) return;  // a comment
  if (colon == std::string_view::npos) return take_field(line, {});
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
}

void event_parser::take_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (data_.size() + value.size() > limit_) {
      throw limit_error("an event of the stream is over the limit of " + std::to_string(limit_) + " bytes");
    }
    data_ += value;
    data_ += '\n';
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id") {
    // NUL makes an id none; other control bytes could not be sent back in Last-Event-ID.
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::none_of(value.begin(), value.end(), control)) id_ = value;
  } else if (name == "retry") {
    std::uint32_t milliseconds = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    if (error == std::errc() && stop == value.data() + value.size()) retry_ = std::chrono::milliseconds(milliseconds);
  }
}

void event_parser::dispatch() {
  last_id_ = id_;
  std::string type = std::exchange(type_, {});
  std::string data = std::exchange(data_, {});
  if (data.empty()) return;
  data.pop_back();  // the last line's end
  server_event made;
  if (!type.empty()) made.type = repaired_utf8(std::move(type));
  made.data = repaired_utf8(std::move(data));
  made.id = last_id_;
  ready_.push_back(std::move(made));
}

std::optional<server_event> event_parser::next() {
  if (ready_.empty()) return std::nullopt;
  server_event first = std::move(ready_.front());
  ready_.pop_front();
  return first;
}

void event_parser::reset() {
  line_.clear();
  type_.clear();
  data_.clear();
  id_ = last_id_;
  skip_newline_ = false;
  at_start_ = true;
}

}  // namespace braid::http
