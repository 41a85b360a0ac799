#include "config_file.hpp"

#include <cstdlib>
#include <fstream>

#include "arguments.hpp"
#include "body_text.hpp"
#include "get_error.hpp"
#include "option_table.hpp"
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

/// Leaves out the separator: spaces, and one '=' or ':' after a name that had no dash.
std::string_view value_part(std::string_view rest, bool dashed) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blank), rest.size()));
  if (!dashed && (rest.starts_with('=') || rest.starts_with(':'))) {
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(blank), rest.size()));
  }
  return rest;
}

void read_line(command_line& to, std::string_view line, const std::string& place) {
  line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.empty() || line.starts_with('#')) return;
  const bool dashed = line.starts_with('-');
  const std::size_t end = std::min(line.find_first_of(dashed ? " \t" : " \t=:"), line.size());
  std::string name(line.substr(0, end));
  const std::string_view rest = value_part(line.substr(end), dashed);
  const bool quoted = rest.starts_with('"');
  std::string value = quoted ? unquoted(rest) : std::string(rest);
  const bool short_form = dashed && !name.starts_with("--");
  if (short_form) {
    const option* const known = name.size() > 1 ? find_option(name[1]) : nullptr;
    if (known && name.size() > 2) value = name.substr(2) + (rest.empty() ? "" : " " + value);
    if (known) name = known->name;
  } else if (dashed) {
    name.erase(0, 2);
  }
  if (!quoted) {
    const std::size_t space = value.find_first_of(" \t");
    if (space != value.npos) {
      if (value.find_first_not_of(blank, space) != value.npos && value[value.find_first_not_of(blank, space)] != '#') {
        warn(to.global, place + " Option '" + name +
                            "' uses argument with unquoted whitespace. This may cause side-effects. "
                            "Consider double quotes.");
      }
      value.erase(space);
    }
  }
  apply_named(to, name, value.empty() && !quoted ? nullptr : &value, name);
}

}  // namespace

void read_config(command_line& to, const std::string& file) {
  std::string text;
  try {
    text = file_content(file);
  } catch (const get_error&) {
    throw get_error(read_failed, "cannot read config from '" + file + "'");
  }
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++number;
    const std::string place = file + ":" + std::to_string(number);
    try {
      read_line(to, std::string_view(text).substr(at, end - at), place);
    } catch (const get_error& e) {
      throw get_error(e.code(), place + ": " + e.what());
    }
    at = end + 1;
  }
}

void read_own_config(command_line& to) {
  const char* const home = std::getenv("HOME");
  if (!home) return;
  const std::string file = std::string(home) + "/.braid-getrc";
  if (std::ifstream(file)) read_config(to, file);
}

}  // namespace braid::get
