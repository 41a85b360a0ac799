#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace braid::serp {

/// JSON with the place of every value and key, for messages that say where.
class positioned_json {
 public:
  /// Throws: invalid_argument, "source:line:column: what is wrong".
  positioned_json(std::string_view text, std::string_view source);

  const nlohmann::ordered_json& root() const { return root_; }
  /// `pointer` is a JSON pointer: "/blocks/ads/0".
  [[noreturn]] void fail(const std::string& pointer, const std::string& why) const;

 private:
  [[noreturn]] void fail_at(std::size_t offset, const std::string& why) const;

  std::string text_, source_;
  nlohmann::ordered_json root_;
  std::map<std::string, std::size_t> offsets_;
};

}  // namespace braid::serp
