// The lines of cookie files.
#include <algorithm>
#include <charconv>

#include "cookie_box.hpp"

namespace braid::get {

namespace {

constexpr std::string_view http_only_mark = "#HttpOnly_";

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find('\t', at), line.size());
    out.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_flag(std::string_view text) { return text == "TRUE" || text == "FALSE"; }

}  // namespace

std::optional<file_cookie> parse_cookie_line(std::string_view line) {
  line = line.substr(0, line.find_first_of("\r\n"));
  file_cookie out;
  out.http_only = line.starts_with(http_only_mark);
  if (out.http_only) line.remove_prefix(http_only_mark.size());
  if (line.starts_with('#')) return std::nullopt;
  std::vector<std::string_view> fields = fields_of(line);
  // Some programs leave the path out.
  if (fields.size() > 2 && is_flag(fields[2])) fields.insert(fields.begin() + 2, "/");
  if (fields.size() == 6) fields.emplace_back();
  if (fields.size() != 7) return std::nullopt;
  out.domain = fields[0].substr(fields[0].starts_with('.') ? 1 : 0);
  out.host_only = !http::equal_ignoring_case(fields[1], "TRUE");
  out.path = fields[2].starts_with('/') ? fields[2] : "/";
  if (out.path.size() > 1 && out.path.ends_with('/')) out.path.pop_back();
  out.secure = http::equal_ignoring_case(fields[3], "TRUE");
  const char* const end = fields[4].data() + fields[4].size();
  const auto read = std::from_chars(fields[4].data(), end, out.expires);
  if (read.ec == std::errc::result_out_of_range) out.expires = INT64_MAX;
  if (read.ptr == fields[4].data() || out.expires < 0) return std::nullopt;
  out.name = fields[5];
  out.value = fields[6];
  if (has_control(out.name) || has_control(out.value)) return std::nullopt;
  return out;
}

std::string cookie_line(const file_cookie& one) {
  std::string out(one.http_only ? http_only_mark : "");
  out += (one.host_only ? "" : ".") + one.domain + (one.host_only ? "\tFALSE\t" : "\tTRUE\t") + one.path;
  out +=
      (one.secure ? "\tTRUE\t" : "\tFALSE\t") + std::to_string(one.expires) + "\t" + one.name + "\t" + one.value + "\n";
  return out;
}

}  // namespace braid::get
