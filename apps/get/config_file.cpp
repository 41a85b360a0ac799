#include "config_file.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include "arguments.hpp"
#include "body_text.hpp"
#include "get_error.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

constexpr const char* blank = " \t\r";

/// The text of a quoted value, up to the closing quote.
std::string unquoted(std::string_view text) {
  std::string out;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escaped = text[++i];
    const std::size_t at = std::string_view("tnrv").find(escaped);
    out += at == std::string_view::npos ? escaped : "\t\n\r\v"[at];
  }
  return out;
}

/// An argument without double quotes, up to its first space.
std::string bare_argument(command_line& to, std::string_view rest, const std::string& name, const std::string& place) {
  const std::string who = place + " Option '" + name + "' uses argument with ";
  if (rest.starts_with('\'')) {
    warn(to.global, who + "leading single quote. It is probably a mistake. Consider double quotes.");
  }
  const std::size_t space = std::min(rest.find_first_of(blank), rest.size());
  const std::size_t more = rest.find_first_not_of(blank, space);
  if (more != rest.npos && rest[more] != '#') {
    warn(to.global, who + "unquoted whitespace. This may cause side-effects. Consider double quotes.");
  }
  return std::string(rest.substr(0, space));
}

void read_line(command_line& to, std::string_view line, const std::string& place) {
  line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.empty() || line.starts_with('#')) return;
  const bool dashed = line.starts_with('-');
  const std::size_t end = std::min(line.find_first_of(dashed ? " \t" : " \t=:"), line.size());
  const std::string name(line.substr(0, end));
  std::string_view rest = line.substr(end);
  rest.remove_prefix(std::min(rest.find_first_not_of(dashed ? " \t\r" : " \t\r=:"), rest.size()));
  const bool quoted = rest.starts_with('"');
  const std::string value = quoted ? unquoted(rest) : bare_argument(to, rest, name, place);
  const std::string* const given = value.empty() && !quoted ? nullptr : &value;
  const bool letters = dashed && !name.starts_with("--");
  const bool used =
      letters ? apply_letters(to, name, given) : apply_named(to, name.substr(dashed ? 2 : 0), given, name);
  if (!used && !value.empty()) throw get_error(usage, "option " + name + ": had unsupported trailing garbage");
}

/// Counts a file that is being read.
class nesting {
 public:
  explicit nesting(unsigned& depth) : depth_(depth) { ++depth_; }
  ~nesting() { --depth_; }
  nesting(const nesting&) = delete;
  nesting& operator=(const nesting&) = delete;

 private:
  unsigned& depth_;
};

/// The whole file, line by line. `forgiving`: a line that is not understood is warned of and passed over.
void read_lines(command_line& to, const std::string& file, bool forgiving) {
  constexpr unsigned deepest = 5;
  if (to.global.config_depth >= deepest) throw get_error(usage, "too many levels of config files: '" + file + "'");
  const nesting inside(to.global.config_depth);
  std::string text;
  try {
    text = file_content(file);
  } catch (const get_error&) {
    throw get_error(read_failed, "cannot read config from '" + file + "'");
  }
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string place = file + ":" + std::to_string(++number);
    try {
      read_line(to, std::string_view(text).substr(at, end - at), place);
    } catch (const get_error& e) {
      if (!forgiving) throw get_error(e.code(), place + ": " + e.what());
      warn(to.global, place + ": " + e.what());
    }
    at = end + 1;
  }
}

}  // namespace

void read_config(command_line& to, const std::string& file) { read_lines(to, file, false); }

std::string read_own_config(command_line& to) {
  struct place {
    const char* variable;
    const char* name;
  };
  constexpr std::array places{place{"CURL_HOME", "/.curlrc"}, place{"XDG_CONFIG_HOME", "/curlrc"},
                              place{"HOME", "/.curlrc"}, place{"CURL_HOME", "/.config/curlrc"},
                              place{"HOME", "/.config/curlrc"}};
  for (const place& one : places) {
    const char* const folder = std::getenv(one.variable);
    if (!folder || !*folder) continue;
    const std::string file = std::string(folder) + one.name;
    if (!std::ifstream(file)) continue;
    read_lines(to, file, true);
    return file;
  }
  return {};
}

}  // namespace braid::get
