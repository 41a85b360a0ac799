#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "json_positions.hpp"

namespace braid::serp {

/// A place in a definition file that is being read: wrong types and unknown keys are refused where they stand.
class json_reader {
 public:
  explicit json_reader(const positioned_json& file) : file_(&file), value_(&file.root()) {}

  [[noreturn]] void fail(const std::string& why) const { file_->fail(pointer_, why); }
  /// For objects. Throws on a key that is not among `known`.
  void only(std::initializer_list<std::string_view> known) const;

  bool has(const char* key) const { return value_->is_object() && value_->contains(key); }
  json_reader at(const char* key) const;
  /// Nothing for a missing key.
  std::string text(const char* key, std::string otherwise = {}) const;
  int number(const char* key, int otherwise) const;
  bool flag(const char* key, bool otherwise = false) const;

  std::string text() const;
  int number() const;
  double real() const;
  /// A text, or a list of them.
  std::vector<std::string> texts() const;
  void each(const std::function<void(const json_reader&)>& take) const;
  void members(const std::function<void(const std::string&, const json_reader&)>& take) const;
  bool is_text() const { return value_->is_string(); }
  bool is_object() const { return value_->is_object(); }
  bool is_array() const { return value_->is_array(); }
  const nlohmann::ordered_json& json() const { return *value_; }

  /// Runs `make` on the text; what it throws is said to be wrong here.
  template <class Make>
  auto made(Make make) const {
    try {
      return make(text());
    } catch (const std::exception& e) {
      fail(e.what());
    }
  }

 private:
  json_reader(const positioned_json& file, const nlohmann::ordered_json& value, std::string pointer)
      : file_(&file), value_(&value), pointer_(std::move(pointer)) {}

  const positioned_json* file_;
  const nlohmann::ordered_json* value_;
  std::string pointer_;
};

}  // namespace braid::serp
