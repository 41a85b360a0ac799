#include <braid/http/headers.hpp>

#include <algorithm>
#include <cstring>
#include <limits>

#include <braid/core/error.hpp>

#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::size_t longest = std::numeric_limits<std::uint32_t>::max();  // text
constexpr std::size_t least_room = 256;                                     // of a block that grows

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void check(std::string_view name, std::string_view value) {
  if (!is_token(name)) throw invalid_argument("header: \"" + std::string(name) + "\" is no header name");
  if (!is_field_value(value)) {
    throw invalid_argument("header " + std::string(name) + ": the value has a line end or another control byte");
  }
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  if (a == b) return true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return token_bytes[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) noexcept { return std::none_of(text.begin(), text.end(), is_control); }

headers::headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (const auto& [name, value] : fields) add(name, value);
}

headers headers::enlarged(std::size_t capacity) const {
  headers out;
  if (capacity == 0) return out;
  out.capacity_ = (capacity + sizeof(place) - 1) / sizeof(place) * sizeof(place);
  out.block_ = std::make_unique_for_overwrite<char[]>(out.capacity_);
  out.size_ = size_;
  out.count_ = count_;
  if (count_ == 0) return out;
  std::memcpy(out.block_.get(), block_.get(), size_);
  std::memcpy(&out.at(count_ - 1), &at(count_ - 1), count_ * sizeof(place));
  return out;
}

std::size_t headers::find(std::string_view name, std::size_t from) const noexcept {
  for (std::size_t i = from; i < count_; ++i) {
    const place& here = at(i);
    if (here.name_size == name.size() && equal_ignoring_case((*this)[i].name, name)) return i;
  }
  return count_;
}

std::optional<std::string_view> headers::get(std::string_view name) const noexcept {
  const std::size_t where = find(name, 0);
  if (where == count_) return std::nullopt;
  return (*this)[where].value;
}

std::vector<std::string_view> headers::get_all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (std::size_t i = find(name, 0); i < count_; i = find(name, i + 1)) out.push_back((*this)[i].value);
  return out;
}

headers& headers::add(std::string_view name, std::string_view value) {
  check(name, value);
  add_checked(name, trimmed(value));
  return *this;
}

void headers::add_checked(std::string_view name, std::string_view value) {
  const std::size_t text = size_ + name.size() + value.size();
  if (text > longest) throw limit_error("headers: more than 4 GiB");
  const std::size_t wanted = text + (count_ + 1) * sizeof(place);
  headers old;  // to the end: the views may be of this object's own text
  if (wanted > capacity_) {
    old = enlarged(std::max({wanted, 2 * capacity_, least_room}));
    swap(old);
  }
  const auto length = [](std::string_view part) { return static_cast<std::uint32_t>(part.size()); };
  at(count_++) = {size_, length(name), size_ + length(name), length(value)};
  std::copy(name.begin(), name.end(), block_.get() + size_);
  std::copy(value.begin(), value.end(), block_.get() + size_ + name.size());
  size_ = static_cast<std::uint32_t>(text);
}

void headers::assign_block(std::string_view text, std::span<const place> fields) {
  if (text.size() > longest) throw limit_error("headers: more than 4 GiB");
  clear();
  reserve(fields.size(), text.size());
  std::copy(text.begin(), text.end(), block_.get());
  size_ = static_cast<std::uint32_t>(text.size());
  count_ = static_cast<std::uint32_t>(fields.size());
  if (count_ != 0) std::copy(fields.rbegin(), fields.rend(), &at(count_ - 1));
}

headers& headers::set(std::string_view name, std::string_view value) {
  check(name, value);
  value = trimmed(value);
  const std::size_t first = find(name, 0);
  if (first == count_) {
    add_checked(name, value);
    return *this;
  }
  add_checked(name, value);
  at(first) = at(--count_);
  erase((*this)[first].name, first + 1);
  return *this;
}

std::size_t headers::remove(std::string_view name) noexcept {
  const std::size_t gone = erase(name, 0);
  if (count_ == 0) size_ = 0;
  return gone;
}

std::size_t headers::erase(std::string_view name, std::size_t from) noexcept {
  std::uint32_t kept = static_cast<std::uint32_t>(from);
  for (std::size_t i = from; i < count_; ++i) {
    if (!equal_ignoring_case((*this)[i].name, name)) at(kept++) = at(i);
  }
  return std::exchange(count_, kept) - kept;
}

void headers::clear() noexcept { size_ = count_ = 0; }

void headers::reserve(std::size_t fields, std::size_t text) {
  const std::size_t wanted = text + fields * sizeof(place);
  if (wanted > capacity_) *this = enlarged(wanted);
}

}  // namespace braid::http
