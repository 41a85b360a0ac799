#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid::http {

/// Header fields in the order they came, names compared without regard to case.
///
/// Flat: one block of text and a vector of offsets into it. Copying is two allocations, clearing none, and both keep
/// their room, so that a connection reuses one object for all its messages.
/// Lifetime: views live until the next change.
class headers {
 public:
  struct field {
    std::string_view name;
    std::string_view value;
  };
  class iterator;

  headers() = default;
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

  /// The first value of this name.
  std::optional<std::string_view> get(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept { return find(name, 0) != fields_.size(); }
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
  /// For a parser of whole heads: takes a copy of the head, with no field yet; add_in_block() then says where in it the
  /// parts of the next one are.
  void assign_block(std::string_view text);
  void add_in_block(std::size_t name, std::size_t name_size, std::size_t value, std::size_t value_size);

  std::size_t size() const noexcept { return fields_.size(); }
  bool empty() const noexcept { return fields_.empty(); }
  field operator[](std::size_t index) const noexcept;
  iterator begin() const noexcept;
  iterator end() const noexcept;

 private:
  // Offsets into the text.
  struct place {
    std::uint32_t name, name_size;
    std::uint32_t value, value_size;
  };

  std::size_t find(std::string_view name, std::size_t from) const noexcept;

  std::string text_;
  std::vector<place> fields_;
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

inline headers::iterator headers::begin() const noexcept { return {this, 0}; }
inline headers::iterator headers::end() const noexcept { return {this, fields_.size()}; }

/// ASCII only, as HTTP compares names and tokens.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// True for a token (RFC 9110, 5.6.2): a method or a field name.
bool is_token(std::string_view text) noexcept;

/// True for what may stand in a field value: no controls but the tab.
bool is_field_value(std::string_view text) noexcept;

}  // namespace braid::http
