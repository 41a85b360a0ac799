#include "cache/entry_format.hpp"

#include <zlib.h>

#include <chrono>

namespace braid::http {

namespace {

constexpr std::string_view mark = "braid-cache 1\n";

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <class T>
void put_number(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xff);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

void put_fields(std::string& out, const headers& fields) {
  put_number(out, static_cast<std::uint32_t>(fields.size()));
  for (const headers::field one : fields) {
    put_text(out, one.name);
    put_text(out, one.value);
  }
}

/// Takes a head apart. After a part that does not fit all others are empty.
class reader {
 public:
  explicit reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T number() {
    const std::string_view bytes = take(sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return static_cast<T>(value);
  }
  std::string_view text() { return take(number<std::uint32_t>()); }
  headers fields() {
    headers out;
    for (std::uint32_t left = number<std::uint32_t>(); good_ && left > 0; --left) {
      const std::string_view name = text(), value = text();
      good_ = good_ && is_token(name) && is_field_value(value);
      if (good_) out.add_checked(name, value);
    }
    return out;
  }
  wall_time time() {
    const auto since = std::chrono::nanoseconds(number<std::int64_t>());
    return wall_time(std::chrono::duration_cast<wall_time::duration>(since));
  }
  bool complete() const { return good_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    good_ = good_ && count <= rest_.size();
    const std::string_view out = rest_.substr(0, good_ ? count : 0);
    rest_.remove_prefix(out.size());
    return out;
  }

  std::string_view rest_;
  bool good_ = true;
};

std::int64_t count_of(wall_time when) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

}  // namespace

std::string write_entry(const stored_response& what) {
  std::string head;
  put_number(head, static_cast<std::uint16_t>(what.status));
  put_number(head, static_cast<std::uint8_t>(what.version));
  put_number(head, count_of(what.requested));
  put_number(head, count_of(what.received));
  put_text(head, what.key);
  put_text(head, what.reason);
  put_fields(head, what.selecting);
  put_fields(head, what.fields);
  std::string out(mark);
  out.reserve(entry_prefix_bytes + head.size() + what.body.size() + entry_suffix_bytes);
  put_number(out, static_cast<std::uint32_t>(head.size()));
  put_number(out, checksum(head));
  out += head;
  out += what.body;
  put_number(out, checksum(what.body));
  return out;
}

std::optional<stored_response> read_entry(std::string_view file) {
  if (!file.starts_with(mark) || file.size() < entry_prefix_bytes + entry_suffix_bytes) return std::nullopt;
  reader prefix(file.substr(mark.size(), entry_prefix_bytes - mark.size()));
  const auto head_size = prefix.number<std::uint32_t>(), head_sum = prefix.number<std::uint32_t>();
  std::string_view rest = file.substr(entry_prefix_bytes);
  reader suffix(rest.substr(rest.size() - entry_suffix_bytes));
  rest.remove_suffix(entry_suffix_bytes);
  if (head_size > rest.size()) return std::nullopt;
  const std::string_view head = rest.substr(0, head_size), body = rest.substr(head_size);
  if (checksum(head) != head_sum || checksum(body) != suffix.number<std::uint32_t>()) return std::nullopt;
  reader from(head);
  stored_response out;
  out.status = from.number<std::uint16_t>();
  out.version = from.number<std::uint8_t>();
  out.requested = from.time();
  out.received = from.time();
  out.key = from.text();
  out.reason = from.text();
  out.selecting = from.fields();
  out.fields = from.fields();
  out.body = body;
  const bool right = from.complete() && out.status >= 100 && out.status <= 999 && is_field_value(out.reason);
  if (!right) return std::nullopt;
  return out;
}

}  // namespace braid::http
