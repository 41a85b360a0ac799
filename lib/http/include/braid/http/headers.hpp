#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid::http {

/// Header fields in the order they came, names compared without regard to case.
///
/// Flat: one block, with the text from its start on and offsets into it from its end on. Copying is one allocation,
/// clearing none, and a cleared object keeps its room.
/// Lifetime: views live until the next change.
class headers {
 public:
  struct field {
    std::string_view name;
    std::string_view value;
  };
  /// Where a field is in the text.
  struct place {
    std::uint32_t name, name_size;
    std::uint32_t value, value_size;
  };
  class iterator;

  headers() noexcept = default;
  headers(const headers& other) : headers(other.enlarged(other.used())) {}
  headers(headers&& other) noexcept
      : block_(std::move(other.block_)),
        capacity_(std::exchange(other.capacity_, 0)),
        size_(std::exchange(other.size_, 0)),
        count_(std::exchange(other.count_, 0)) {}
  headers& operator=(headers other) noexcept {
    swap(other);
    return *this;
  }
  void swap(headers& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(capacity_, other.capacity_);
    std::swap(size_, other.size_);
    std::swap(count_, other.count_);
  }
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

  /// The first value of this name.
  std::optional<std::string_view> get(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept { return find(name, 0) != count_; }
  /// All values of this name, in order.
  std::vector<std::string_view> get_all(std::string_view name) const;

  /// Appends a field, beside others of its name. Surrounding space of the value goes.
  /// Throws invalid_argument for a name that is no token and for a value with CR, LF, NUL or another control byte.
  headers& add(std::string_view name, std::string_view value);
  /// The only field of its name from now on; keeps the place of the first. Throws as add().
  headers& set(std::string_view name, std::string_view value);
  /// How many there were.
  std::size_t remove(std::string_view name) noexcept;
  void clear() noexcept;
  /// Makes room for so many fields with so much text, names and values together.
  void reserve(std::size_t fields, std::size_t text);

  /// add() for what a parser has checked.
  void add_checked(std::string_view name, std::string_view value);
  /// For a parser of whole heads: a copy of the head, and where in it the fields are.
  void assign_block(std::string_view text, std::span<const place> fields);

  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }
  field operator[](std::size_t index) const noexcept;
  iterator begin() const noexcept;
  iterator end() const noexcept;

 private:
  std::size_t find(std::string_view name, std::size_t from) const noexcept;
  std::size_t used() const noexcept { return size_ + count_ * sizeof(place); }
  /// A copy with so much room, which is enough.
  headers enlarged(std::size_t capacity) const;
  std::size_t erase(std::string_view name, std::size_t from) noexcept;
  /// Of field number `index`. The first is the last in the block.
  place& at(std::size_t index) const noexcept {
    return reinterpret_cast<place*>(block_.get() + capacity_)[-1 - static_cast<std::ptrdiff_t>(index)];
  }

  std::unique_ptr<char[]> block_;
  std::size_t capacity_ = 0;  // a multiple of a place's size
  std::uint32_t size_ = 0;    // of the text
  std::uint32_t count_ = 0;
};

class headers::iterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = field;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = field;

  iterator() = default;
  iterator(const headers* owner, std::size_t index) noexcept : owner_(owner), index_(index) {}
  field operator*() const noexcept { return (*owner_)[index_]; }
  iterator& operator++() noexcept {
    ++index_;
    return *this;
  }
  iterator operator++(int) noexcept {
    iterator old = *this;
    ++index_;
    return old;
  }
  friend bool operator==(const iterator&, const iterator&) = default;

 private:
  const headers* owner_ = nullptr;
  std::size_t index_ = 0;
};

inline headers::field headers::operator[](std::size_t index) const noexcept {
  const place& where = at(index);
  return {{block_.get() + where.name, where.name_size}, {block_.get() + where.value, where.value_size}};
}
inline headers::iterator headers::begin() const noexcept { return {this, 0}; }
inline headers::iterator headers::end() const noexcept { return {this, count_}; }

/// ASCII only, as HTTP compares names and tokens.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// True for a token (RFC 9110, 5.6.2): a method or a field name.
bool is_token(std::string_view text) noexcept;

/// True for what may stand in a field value: no controls but the tab.
bool is_field_value(std::string_view text) noexcept;

}  // namespace braid::http
