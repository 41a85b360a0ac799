#include "task_request.hpp"

#include <algorithm>
#include <array>

#include "parameter_value.hpp"

namespace braid::serve {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<output, std::string_view>, 5> outputs{{{output::json, "json"},
                                                                      {output::ndjson, "ndjson"},
                                                                      {output::csv, "csv"},
                                                                      {output::markdown, "markdown"},
                                                                      {output::html, "html"}}};
constexpr std::size_t longest_query = 2048;
constexpr unsigned most_pages = 100, most_results = 100, last_start = 10'000;

std::string engine_of(std::string_view name, const json& value, const std::vector<std::string>& known) {
  const auto text = text_of(name, value);
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
    (name == "tbs" ? what.tbs : what.location) = text_of(name, value);
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
    const auto as = output_from(text_of(name, value));
    if (!as) refuse(name, "expected one of json, ndjson, csv, markdown, html");
    into.as = *as;
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

}  // namespace

std::string_view to_string(output as) {
  return std::find_if(outputs.begin(), outputs.end(), [as](const auto& one) { return one.first == as; })->second;
}

std::optional<output> output_from(std::string_view name) {
  const auto found =
      std::find_if(outputs.begin(), outputs.end(), [name](const auto& one) { return one.second == name; });
  return found == outputs.end() ? std::nullopt : std::optional(found->first);
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
