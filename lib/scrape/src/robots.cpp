#include <algorithm>
#include <array>
#include <braid/scrape/robots.hpp>
#include <optional>
#include <utility>

namespace braid::scrape {
namespace {

/// What follows in a longer line means nothing: eight times the longest address that browsers take.
constexpr std::size_t longest_line = 2083 * 8;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

enum class line_kind : std::uint8_t { other, user_agent, allow, disallow };

line_kind kind_of(std::string_view key) {
  constexpr std::array<std::string_view, 3> agents = {"user-agent", "useragent", "user agent"};
  constexpr std::array<std::string_view, 6> refusals = {"disallow", "dissallow", "dissalow",
                                                        "disalow",  "diasllow",  "disallaw"};
  const auto names = [key](std::string_view word) { return starts_with_word(key, word); };
  if (std::any_of(agents.begin(), agents.end(), names)) return line_kind::user_agent;
  if (names("allow")) return line_kind::allow;
  if (std::any_of(refusals.begin(), refusals.end(), names)) return line_kind::disallow;
  return line_kind::other;
}

/// One way to write what may be written in several: bytes beyond ASCII as %XX, and hexadecimal digits in capitals.
std::string normal_form(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else if (byte == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      out += '%';
      out += upper(text[++i]);
      out += upper(text[++i]);
    } else {
      out += text[i];
    }
  }
  return out;
}

/// '*' stands for any bytes, a '$' at the end for the end of the path; else the pattern is a beginning.
bool matches(std::string_view path, std::string_view pattern) {
  const bool to_the_end = pattern.ends_with('$');
  if (to_the_end) pattern.remove_suffix(1);
  auto star = pattern.find('*');
  const auto start = pattern.substr(0, star);
  if (!path.starts_with(start)) return false;
  path.remove_prefix(start.size());
  if (star == std::string_view::npos) return !to_the_end || path.empty();
  // Each piece between stars is taken where it comes first: that leaves most for the pieces behind it.
  while (true) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    const auto piece = pattern.substr(0, star);
    if (star == std::string_view::npos && to_the_end) return path.ends_with(piece);
    const auto at = path.find(piece);
    if (at == std::string_view::npos) return false;
    if (star == std::string_view::npos) return true;
    path.remove_prefix(at + piece.size());
  }
}

/// "/folder/index.html" allows "/folder/" too: the pattern for that.
std::optional<std::string> folder_of_index(std::string_view pattern) {
  const auto slash = pattern.rfind('/');
  if (slash == std::string_view::npos || !pattern.substr(slash).starts_with("/index.htm")) return std::nullopt;
  return std::string(pattern.substr(0, slash + 1)) + '$';
}

struct key_value {
  std::string_view key, value;
};

std::optional<key_value> split(std::string_view line) {
  line = trim(line.substr(0, line.find('#')));
  auto separator = line.find(':');
  if (separator == std::string_view::npos) {
    // "Disallow /path" is understood where nothing else follows.
    separator = line.find_first_of(" \t");
    if (separator == std::string_view::npos) return std::nullopt;
    if (trim(line.substr(separator)).find_first_of(" \t") != std::string_view::npos) return std::nullopt;
  }
  key_value pair;
  pair.key = trim(line.substr(0, separator));
  pair.value = trim(line.substr(separator + 1));
  if (pair.key.empty()) return std::nullopt;
  return pair;
}

}  // namespace

/// Reads line by line; knows which groups it stands in.
class robots_reader {
 public:
  explicit robots_reader(std::string_view agent) : agent_(agent) {}

  void read_line(std::string_view line);
  robots_rules rules() && { return named_ ? std::move(own_) : std::move(everybody_); }

 private:
  void read_agent(std::string_view value);
  void read_rule(bool allow, std::string_view value);

  std::string_view agent_;
  robots_rules own_, everybody_;
  bool named_ = false;            // a group for the agent has been seen
  bool in_own_ = false;           // the present group is for the agent
  bool in_everybodys_ = false;    // ... for all
  bool group_has_rules_ = false;  // so the next User-agent begins another group
};

void robots_reader::read_line(std::string_view line) {
  const auto pair = split(line.substr(0, longest_line));
  if (!pair) return;
  const auto kind = kind_of(pair->key);
  if (kind == line_kind::user_agent) read_agent(pair->value);
  if (kind == line_kind::allow || kind == line_kind::disallow) read_rule(kind == line_kind::allow, pair->value);
}

void robots_reader::read_agent(std::string_view value) {
  if (std::exchange(group_has_rules_, false)) in_own_ = in_everybodys_ = false;
  if (value.starts_with('*') && (value.size() == 1 || is_space(value[1]))) {
    in_everybodys_ = true;
  } else if (same_word(product_token(value), agent_)) {
    in_own_ = named_ = true;
  }
}

void robots_reader::read_rule(bool allow, std::string_view value) {
  group_has_rules_ = true;
  if ((!in_own_ && !in_everybodys_) || value.empty()) return;
  robots_rules::rule rule;
  rule.pattern = normal_form(value);
  rule.allow = allow;
  if (in_everybodys_) everybody_.rules_.push_back(rule);
  if (in_own_) own_.rules_.push_back(std::move(rule));
}

robots_rules robots_rules::nothing() {
  robots_rules rules;
  rule all;
  all.pattern = "/";
  rules.rules_.push_back(std::move(all));
  return rules;
}

robots_rules robots_rules::parse(std::string_view text, std::string_view agent) {
  for (const char byte : byte_order_mark) {
    if (!text.starts_with(byte)) break;
    text.remove_prefix(1);
  }
  robots_reader reader(agent);
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    reader.read_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return std::move(reader).rules();
}

bool robots_rules::allows(std::string_view target) const {
  if (rules_.empty()) return true;
  const auto path = normal_form(target);
  std::size_t allowed = 0, disallowed = 0;
  for (const auto& [pattern, allow] : rules_) {
    auto& longest = allow ? allowed : disallowed;
    if (pattern.size() > longest && matches(path, pattern)) {
      longest = pattern.size();
    } else if (allow) {
      const auto folder = folder_of_index(pattern);
      if (folder && folder->size() > longest && matches(path, *folder)) longest = folder->size();
    }
  }
  return allowed >= disallowed;
}

std::string_view product_token(std::string_view user_agent) {
  const auto end =
      std::find_if(user_agent.begin(), user_agent.end(), [](char c) { return !is_letter(c) && c != '_' && c != '-'; });
  return user_agent.substr(0, static_cast<std::size_t>(end - user_agent.begin()));
}

std::string robots_target(std::string_view address) {
  address = address.substr(0, address.find('#'));
  std::size_t host = address.starts_with("//") ? 2 : 0;
  const auto scheme = address.find("://", host);
  if (scheme != std::string_view::npos && address.find_first_of("/?;", host) > scheme) host = scheme + 3;
  const auto path = address.find_first_of("/?;", host);
  if (path == std::string_view::npos) return "/";
  address.remove_prefix(path);
  return address.starts_with('/') ? std::string(address) : '/' + std::string(address);
}

}  // namespace braid::scrape
