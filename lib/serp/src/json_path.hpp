#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace braid::serp {

/// A JSON pointer (RFC 6901) in which a part `*` stands for every element of a list and every member of an object:
/// "/query/search/*". The empty text is the whole.
class json_path {
 public:
  using json = nlohmann::ordered_json;

  json_path() = default;
  /// Throws: invalid_argument.
  explicit json_path(const std::string& text);

  /// False for one made by default, which points nowhere.
  explicit operator bool() const { return given_; }
  const std::string& text() const { return text_; }
  /// What it points to below `from`, in the order of the file. The values are those of `from`.
  std::vector<const json*> find(const json& from) const;

 private:
  std::string text_;
  std::vector<std::string> parts_;
  bool given_ = false;
};

}  // namespace braid::serp
