#include <algorithm>
#include <nlohmann/json.hpp>

#include <braid/http/headers.hpp>

#include "report_variables.hpp"
#include "write_out.hpp"

namespace braid::get {

namespace {

/// What is no UTF-8 is replaced.
std::string text_of(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string report_json(const transfer_report& of) {
  std::string out = "{";
  for (const report_variable& one : report_variables()) {
    const std::string value = one.value(of);
    out += out.size() > 1 ? ",\"" : "\"";
    out += one.name;
    out += "\":";
    if (one.type == report_variable::kind::text) {
      out += value.empty() ? "null" : text_of(value);
    } else {
      const std::size_t digit = std::min(value.find_first_not_of('0'), value.size() - 1);
      out += one.type == report_variable::kind::number ? value.substr(digit) : value;
    }
  }
  return out + ",\"curl_version\":\"braid-get/" BRAID_VERSION "\"}";
}

std::string header_json(const transfer_report& of) {
  std::string out = "{";
  std::vector<std::string> seen;
  for (const transfer_report::field& field : of.fields) {
    std::string name = field.name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    nlohmann::json values = nlohmann::json::array();
    for (const transfer_report::field& other : of.fields) {
      if (http::equal_ignoring_case(other.name, name)) values.push_back(other.value);
    }
    out += out.size() > 1 ? ",\n" : "";
    out += text_of(name) + ":" + text_of(values);
  }
  return out + "\n}";
}

}  // namespace braid::get
