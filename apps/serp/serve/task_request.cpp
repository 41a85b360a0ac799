#include "task_request.hpp"

#include <algorithm>
#include <array>
#include <braid/core/error.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>
#include <charconv>
#include <functional>
#include <optional>

namespace braid::serve {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<output, std::string_view>, 5> outputs{{{output::json, "json"},
                                                                      {output::ndjson, "ndjson"},
                                                                      {output::csv, "csv"},
                                                                      {output::markdown, "markdown"},
                                                                      {output::html, "html"}}};
constexpr std::size_t longest_query = 2048, longest_text = 512, longest_url = 2048;
constexpr unsigned most_pages = 100, most_results = 100, last_start = 10'000;

/// One refusal on its way out of the reading.
struct refused {
  fault why;
};

[[noreturn]] void refuse(std::string_view name, const std::string& message) {
  throw refused{fault(400, "bad_parameter", std::string(name) + ": " + message, std::string(name))};
}

std::string text_of(std::string_view name, const json& value, std::size_t longest) {
  if (!value.is_string()) refuse(name, "expected a text");
  auto text = value.get<std::string>();
  if (text.size() > longest) refuse(name, "at most " + std::to_string(longest) + " bytes");
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
  std::string text = text_of(name, value, longest_text);
  if (std::find(known.begin(), known.end(), text) != known.end()) return text;
  std::string list;
  for (const auto one : known) list += (list.empty() ? "" : ", ") + std::string(one);
  refuse(name, "expected one of " + list);
}

/// "us", "en", "pt-BR", "zh_TW".
std::string code_of(std::string_view name, const json& value) {
  const auto text = text_of(name, value, 16);
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  if (text.size() < 2 || !std::all_of(text.begin(), text.end(), plain)) refuse(name, "expected a code as 'us' or 'en'");
  return text;
}

/// It becomes the host that is asked, so it can only be one of Google's.
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

std::string engine_of(std::string_view name, const json& value, const std::vector<std::string>& known) {
  const auto text = text_of(name, value, longest_text);
  if (std::find(known.begin(), known.end(), text) != known.end()) return text;
  std::string list;
  for (const auto& one : known) list += (list.empty() ? "" : ", ") + one;
  throw refused{fault(400, "unknown_engine", "engine: there are " + list, std::string(name))};
}

void read_one(task_request& into, const std::string& name, const json& value, const std::vector<std::string>& engines) {
  auto& what = into.what;
  if (name == "engine") {
    what.engine = engine_of(name, value, engines);
  } else if (name == "q") {
    what.query = text_of(name, value, longest_query);
  } else if (name == "gl" || name == "hl") {
    (name == "gl" ? what.gl : what.hl) = code_of(name, value);
  } else if (name == "google_domain") {
    what.google_domain = google_domain_of(name, value);
  } else if (name == "location" || name == "tbs") {
    (name == "tbs" ? what.tbs : what.location) = text_of(name, value, longest_text);
  } else if (name == "device") {
    what.device = one_of(name, value, {"desktop", "mobile", "tablet"});
  } else if (name == "num") {
    what.num = number_of(name, value, 1, most_results);
  } else if (name == "start") {
    what.start = number_of(name, value, 0, last_start);
  } else if (name == "page") {
    what.page = number_of(name, value, 1, most_pages);
  } else if (name == "safe") {
    what.safe = one_of(name, value, {"active", "off"});
  } else if (name == "output") {
    const auto text = one_of(name, value, {"json", "ndjson", "csv", "markdown", "html"});
    for (const auto& [as, its_name] : outputs) {
      if (its_name == text) into.as = as;
    }
  } else if (name == "async") {
    into.async = flag_of(name, value);
  } else if (name == "no_cache") {
    into.no_cache = flag_of(name, value);
  } else if (name == "callback_url") {
    into.callback = callback_of(name, value);
  } else {
    throw refused{fault(400, "unknown_parameter", json_text(name) + " is no parameter", name)};
  }
}

bool is_json(std::string_view body, std::string_view content_type) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first != body.npos && body[first] == '{') return true;
  return content_type.find("json") != content_type.npos;
}

}  // namespace

std::string_view to_string(output as) {
  return std::find_if(outputs.begin(), outputs.end(), [as](const auto& one) { return one.first == as; })->second;
}

std::variant<json, fault> read_parameters(std::string_view body, std::string_view content_type) {
  if (is_json(body, content_type)) {
    auto parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) return fault(400, "bad_json", "the body is no JSON");
    if (!parsed.is_object()) return fault(400, "bad_json", "the body is no JSON object");
    return parsed;
  }
  auto out = json::object();
  for (auto& [name, value] : form_decode(body)) {
    if (out.contains(name)) return fault(400, "bad_parameter", json_text(name) + " is there twice", name);
    out[name] = std::move(value);
  }
  return out;
}

std::variant<task_request, fault> read_request(const json& parameters, const std::vector<std::string>& engines) {
  task_request out;
  out.what.device = "desktop";
  try {
    if (!parameters.is_object()) return fault(400, "bad_parameter", "a request is an object");
    for (const auto& [name, value] : parameters.items()) read_one(out, name, value, engines);
    if (out.what.engine.empty()) return fault(400, "missing_parameter", "engine is missing", "engine");
    if (out.what.query.find_first_not_of(' ') == std::string::npos) {
      return fault(400, "missing_parameter", "q is missing", "q");
    }
  } catch (const refused& e) {
    return e.why;
  }
  return out;
}

std::string parameters_json(const task_request& from) {
  nlohmann::ordered_json out;
  const auto& what = from.what;
  out["engine"] = what.engine;
  out["q"] = what.query;
  const auto put = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  put("gl", what.gl);
  put("hl", what.hl);
  put("google_domain", what.google_domain);
  put("location", what.location);
  out["device"] = what.device;
  if (what.num > 0) out["num"] = what.num;
  if (what.start > 0) out["start"] = what.start;
  out["page"] = what.page;
  put("safe", what.safe);
  put("tbs", what.tbs);
  out["output"] = to_string(from.as);
  put("callback_url", from.callback);
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string sameness(const task_request& of) {
  // Only those that asked for it have the page.
  return fetch::request_key(of.what) + (of.as == output::html ? "\npage" : "");
}

}  // namespace braid::serve
