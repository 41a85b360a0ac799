#include "parameter_value.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>
#include <braid/core/utf8.hpp>
#include <charconv>

namespace braid::serve {
namespace {

using nlohmann::json;

constexpr std::size_t longest_url = 2048;

}  // namespace

void refuse(std::string_view name, const std::string& message) {
  throw refused{fault(400, "bad_parameter", std::string(name) + ": " + message, std::string(name))};
}

std::string text_of(std::string_view name, const json& value, std::size_t longest) {
  if (!value.is_string()) refuse(name, "expected a text");
  auto text = value.get<std::string>();
  if (text.size() > longest) refuse(name, "at most " + std::to_string(longest) + " bytes");
  // A form can bring any bytes. The store has the request as JSON, which could not hold others as they are.
  if (valid_utf8(text) != text.size()) refuse(name, "expected UTF-8");
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  if (std::any_of(text.begin(), text.end(), is_control)) refuse(name, "control characters and line ends are no text");
  return text;
}

unsigned number_of(std::string_view name, const json& value, unsigned least, unsigned most) {
  std::uint64_t number = 0;
  bool good = value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
  if (good) number = value.get<std::uint64_t>();
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    good = error == std::errc() && stop == end;
  }
  if (!good || number < least || number > most) {
    refuse(name, "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<unsigned>(number);
}

bool flag_of(std::string_view name, const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  refuse(name, "expected true or false");
}

std::string one_of(std::string_view name, const json& value, std::initializer_list<std::string_view> known) {
  std::string text = text_of(name, value);
  if (std::find(known.begin(), known.end(), text) != known.end()) return text;
  std::string list;
  for (const auto one : known) list += (list.empty() ? "" : ", ") + std::string(one);
  refuse(name, "expected one of " + list);
}

std::string code_of(std::string_view name, const json& value) {
  const auto text = text_of(name, value, 16);
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  if (text.size() < 2 || !std::all_of(text.begin(), text.end(), plain)) refuse(name, "expected a code as 'us' or 'en'");
  return text;
}

std::string google_domain_of(std::string_view name, const json& value) {
  std::string text = text_of(name, value, 64);
  if (text.starts_with("www.")) text.erase(0, 4);
  const auto letters = [](std::string_view part, std::size_t least, std::size_t most) {
    const auto plain = [](char c) { return c >= 'a' && c <= 'z'; };
    return part.size() >= least && part.size() <= most && std::all_of(part.begin(), part.end(), plain);
  };
  std::string_view rest = text;
  bool good = rest.starts_with("google.");
  if (good) rest.remove_prefix(7);
  if (rest.starts_with("com.") || rest.starts_with("co.")) {
    good = good && letters(rest.substr(rest.find('.') + 1), 2, 2);
  } else {
    good = good && (rest == "com" || rest == "cat" || letters(rest, 2, 2));
  }
  if (!good) refuse(name, "expected one of Google's, as 'google.de'");
  return "www." + text;
}

std::string callback_of(std::string_view name, const json& value) {
  const auto text = text_of(name, value, longest_url);
  try {
    const auto where = url::parse(text);
    if (where.scheme() != "http" && where.scheme() != "https") refuse(name, "expected http:// or https://");
    const bool has_user = text.find('@') < text.find_first_of("/?#", where.scheme().size() + 3);
    if (has_user) refuse(name, "no user name or password goes there");
  } catch (const invalid_url& e) {
    refuse(name, e.what());
  }
  return text;
}

}  // namespace braid::serve
