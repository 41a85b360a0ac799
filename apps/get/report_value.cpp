// The value of a variable of -w by its name.
#include <algorithm>

#include "address.hpp"
#include "get_error.hpp"
#include "report_variables.hpp"
#include "write_out.hpp"

namespace braid::get {

namespace {

/// %{url.host}, %{urle.path}: a part of the URL, or of the effective one.
bool url_part(const std::string& name, const transfer_report& of, std::string& value) {
  const bool effective = name.starts_with("urle.");
  if (!effective && !name.starts_with("url.")) return false;
  const std::string part = name.substr(name.find('.') + 1);
  address where;
  value.clear();
  try {
    where = address::split(effective ? of.effective : of.url);
  } catch (const get_error&) {
    return true;
  }
  if (part == "scheme") value = where.scheme;
  if (part == "user") value = where.user;
  if (part == "password") value = where.password;
  if (part == "host") value = where.host;
  if (part == "port") value = std::to_string(where.port);
  if (part == "path") value = where.path;
  if (part == "query" && !where.query.empty()) value = where.query.substr(1);
  if (part == "fragment") value = where.fragment;
  return true;
}
}  // namespace

bool variable_value(const std::string& name, const transfer_report& of, std::string& value) {
  if (url_part(name, of, value)) return true;
  const auto all = report_variables();
  const auto at = std::find_if(all.begin(), all.end(), [&](const report_variable& v) { return name == v.name; });
  if (at != all.end()) {
    value = at->value(of);
    return true;
  }
  if (name == "json") {
    value = report_json(of);
    return true;
  }
  if (name == "header_json") {
    value = header_json(of);
    return true;
  }
  if (name == "onerror") {
    value.clear();
    return true;
  }
  return false;
}

}  // namespace braid::get
