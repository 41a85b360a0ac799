#include <algorithm>

#include <braid/http/digest.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
  return out;
}

class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  void skip(std::string_view bytes) { text_.remove_prefix(std::min(text_.find_first_not_of(bytes), text_.size())); }
  bool starts_with(char c) const { return text_.starts_with(c); }
  void drop() { text_.remove_prefix(1); }

  /// Up to a separator; may be empty.
  std::string_view word() {
    const std::size_t size = std::min(text_.find_first_of(" \t,=\""), text_.size());
    const std::string_view out = text_.substr(0, size);
    text_.remove_prefix(size);
    return out;
  }

  /// A token or a quoted string, which may lack its end.
  std::string value() {
    if (!starts_with('"')) {
      const std::size_t size = std::min(text_.find_first_of(" \t,"), text_.size());
      std::string out(text_.substr(0, size));
      text_.remove_prefix(size);
      return out;
    }
    drop();
    std::string out;
    while (!text_.empty() && text_.front() != '"') {
      if (text_.front() == '\\' && text_.size() > 1) drop();
      out += text_.front();
      drop();
    }
    if (!text_.empty()) drop();
    return out;
  }

  /// "abc==": a token68 stands alone before a comma or the end.
  bool is_token68() const {
    const std::size_t size = std::min(text_.find_first_of(" \t,"), text_.size());
    const std::string_view word = text_.substr(0, size);
    const std::size_t equals = std::min(word.find('='), word.size());
    return word.find_first_not_of('=', equals) == word.npos && !word.empty() &&
           (equals < word.size() || text_.substr(size).find_first_not_of(" \t") == std::string_view::npos ||
            text_.substr(std::min(text_.find_first_not_of(" \t", size), text_.size())).starts_with(','));
  }

 private:
  std::string_view text_;
};

}  // namespace

const std::string* auth_challenge::find(std::string_view name) const noexcept {
  const auto at =
      std::find_if(parameters.begin(), parameters.end(), [&](const parameter& p) { return p.name == name; });
  return at == parameters.end() ? nullptr : &at->value;
}

std::vector<auth_challenge> parse_challenges(std::string_view value) {
  std::vector<auth_challenge> out;
  reader from(value);
  for (;;) {
    from.skip(" \t,");
    if (from.at_end()) return out;
    const std::string_view word = from.word();
    if (word.empty()) {
      from.drop();  // a quote or '=' that belongs to nothing
      continue;
    }
    from.skip(" \t");
    if (from.starts_with('=') && !out.empty()) {
      from.drop();
      from.skip(" \t");
      std::string name = lower(word);
      std::string text = from.value();
      std::vector<auth_challenge::parameter>& all = out.back().parameters;
      const auto known = std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == name; });
      if (known != all.end()) {
        known->value = std::move(text);
      } else {
        all.push_back({std::move(name), std::move(text)});
      }
      continue;
    }
    if (!is_token(word)) continue;
    auth_challenge& next = out.emplace_back();
    next.scheme = lower(word);
    if (!from.at_end() && !from.starts_with(',') && from.is_token68()) next.token = from.value();
  }
}

}  // namespace braid::http
