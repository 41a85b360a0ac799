#include "write_out.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include <braid/http/headers.hpp>

#include "address.hpp"
#include "certificates.hpp"
#include "get_error.hpp"

namespace braid::get {

namespace {

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

std::string time_text(duration time) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6f", seconds(time));
  return text.data();
}

std::string rate(std::uint64_t bytes, duration time) {
  const double all = seconds(time);
  return std::to_string(all > 0 ? static_cast<std::uint64_t>(static_cast<double>(bytes) / all) : bytes);
}

struct variable {
  const char* name;
  std::string (*value)(const transfer_report&);
  enum class kind : std::uint8_t { text, number, time };
  kind type;
};

using report = const transfer_report&;
constexpr auto as_text = variable::kind::text;
constexpr auto as_number = variable::kind::number;
constexpr auto as_time = variable::kind::time;

std::string three_digits(int status) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%03d", status);
  return text.data();
}

std::string padded_status(report r) { return three_digits(r.status); }
std::string padded_connect_status(report r) { return three_digits(r.connect_status); }

constexpr std::array variables{
    variable{"certs", [](report r) { return certificates_text(r.certificates); }, as_text},
    variable{"conn_id", [](report r) { return std::to_string(r.connects > 0 ? r.number : 0); }, as_number},
    variable{"content_type", [](report r) { return r.content_type; }, as_text},
    variable{"errormsg", [](report r) { return r.error; }, as_text},
    variable{"exitcode", [](report r) { return std::to_string(r.exit_code); }, as_number},
    variable{"filename_effective", [](report r) { return r.file; }, as_text},
    variable{"ftp_entry_path", [](report) { return std::string(); }, as_text},
    variable{"http_code", padded_status, as_number},
    variable{"http_connect", padded_connect_status, as_number},
    variable{"http_version",
             [](report r) {
               return std::string(r.version == 20 ? "2" : r.version == 11 ? "1.1" : r.version == 10 ? "1" : "0");
             },
             as_text},
    variable{"local_ip", [](report r) { return r.local_ip; }, as_text},
    variable{"local_port", [](report r) { return std::to_string(r.local_port); }, as_number},
    variable{"method", [](report r) { return r.method; }, as_text},
    variable{"num_certs", [](report r) { return std::to_string(r.certificates.size()); }, as_number},
    variable{"num_connects", [](report r) { return std::to_string(r.connects); }, as_number},
    variable{"num_headers", [](report r) { return std::to_string(r.fields.size()); }, as_number},
    variable{"num_redirects", [](report r) { return std::to_string(r.redirects); }, as_number},
    variable{"num_retries", [](report r) { return std::to_string(r.retries); }, as_number},
    variable{"redirect_url", [](report r) { return r.redirect_url; }, as_text},
    variable{"referer", [](report r) { return r.referer; }, as_text},
    variable{"remote_ip", [](report r) { return r.remote_ip; }, as_text},
    variable{"remote_port", [](report r) { return std::to_string(r.remote_port); }, as_number},
    variable{"response_code", padded_status, as_number},
    variable{"scheme", [](report r) { return r.scheme; }, as_text},
    variable{"size_delivered", [](report r) { return std::to_string(r.delivered); }, as_number},
    variable{"size_download", [](report r) { return std::to_string(r.received); }, as_number},
    variable{"size_header", [](report r) { return std::to_string(r.header_bytes); }, as_number},
    variable{"size_request", [](report r) { return std::to_string(r.request_bytes); }, as_number},
    variable{"size_upload", [](report r) { return std::to_string(r.sent); }, as_number},
    variable{"speed_download", [](report r) { return rate(r.received, r.total); }, as_number},
    variable{"speed_upload", [](report r) { return rate(r.sent, r.total); }, as_number},
    variable{"time_appconnect", [](report r) { return time_text(r.tls); }, as_time},
    variable{"time_connect", [](report r) { return time_text(r.connect); }, as_time},
    variable{"time_namelookup", [](report r) { return time_text(r.resolve); }, as_time},
    variable{"time_posttransfer", [](report r) { return time_text(r.before_request); }, as_time},
    variable{"time_pretransfer", [](report r) { return time_text(r.before_request); }, as_time},
    variable{"time_queue", [](report) { return time_text({}); }, as_time},
    variable{"time_redirect", [](report r) { return time_text(r.redirect); }, as_time},
    variable{"time_starttransfer", [](report r) { return time_text(r.first_byte); }, as_time},
    variable{"time_total", [](report r) { return time_text(r.total); }, as_time},
    variable{"tls_earlydata", [](report) { return std::string("0"); }, as_number},
    variable{"url", [](report r) { return r.url; }, as_text},
    variable{"url_effective", [](report r) { return r.effective; }, as_text},
    variable{"urlnum", [](report r) { return std::to_string(r.number); }, as_number},
    variable{"xfer_id", [](report r) { return std::to_string(r.number); }, as_number},
};

/// %{url.host}, %{urle.path}: a part of the URL, or of the effective one.
bool url_part(const std::string& name, report of, std::string& value) {
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

std::string field_of(report of, std::string_view name) {
  for (const transfer_report::field& field : of.fields) {
    if (http::equal_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

}  // namespace

bool variable_value(const std::string& name, const transfer_report& of, std::string& value) {
  if (url_part(name, of, value)) return true;
  const auto at = std::find_if(variables.begin(), variables.end(), [&](const variable& v) { return name == v.name; });
  if (at != variables.end()) {
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

std::string report_json(const transfer_report& of) {
  std::string out = "{";
  for (const variable& one : variables) {
    const std::string value = one.value(of);
    out += out.size() > 1 ? ",\"" : "\"";
    out += one.name;
    out += "\":";
    if (one.type == variable::kind::text) {
      out +=
          value.empty() ? "null" : nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    } else {
      const std::size_t digit = std::min(value.find_first_not_of('0'), value.size() - 1);
      out += one.type == variable::kind::number ? value.substr(digit) : value;
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
    out += nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + ":" +
           values.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return out + "\n}";
}

namespace {

/// Where text goes at the moment.
class destination {
 public:
  ~destination() { close(); }
  void turn_to(std::FILE* stream) {
    close();
    stream_ = stream;
  }
  void open(std::string name) {
    close();
    const bool append = name.starts_with(">>");
    if (append) name.erase(0, 2);
    file_ = std::fopen(name.c_str(), append ? "ab" : "wb");
  }
  void write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), file_ ? file_ : stream_); }

 private:
  void close() {
    if (file_) std::fclose(file_);
    file_ = nullptr;
  }
  std::FILE* stream_ = stdout;
  std::FILE* file_ = nullptr;
};

/// "%header{name}" and the like: the text in the braces, where "\}" is a brace; moves `at` behind it.
bool take_braced(const std::string& format, std::size_t& at, std::string_view key, std::string& inside) {
  if (format.compare(at, key.size(), key) != 0) return false;
  std::string text;
  for (std::size_t i = at + key.size(); i < format.size(); ++i) {
    if (format[i] == '}') {
      inside = std::move(text);
      at = i + 1;
      return true;
    }
    if (format.compare(i, 2, "\\}") == 0) ++i;
    text += format[i];
  }
  return false;
}

/// "%header{name:all:separator}"
std::string all_of(report of, const std::string& inside) {
  const std::size_t mark = inside.find(":all:");
  if (mark == std::string::npos) return field_of(of, inside);
  const std::string name = inside.substr(0, mark), separator = inside.substr(mark + 5);
  std::string out;
  for (const transfer_report::field& field : of.all_fields) {
    if (!http::equal_ignoring_case(field.name, name)) continue;
    if (!out.empty()) out += separator;
    out += field.value;
  }
  return out;
}

}  // namespace

void write_out(const std::string& format, const transfer_report& of) {
  destination to;
  std::string inside, value;
  for (std::size_t at = 0; at < format.size();) {
    const char c = format[at];
    if (c == '\\' && at + 1 < format.size()) {
      const std::size_t known = std::string_view("rnt").find(format[at + 1]);
      to.write(known == std::string_view::npos ? format.substr(at, 2) : std::string(1, "\r\n\t"[known]));
      at += 2;
    } else if (c != '%' || at + 1 == format.size()) {
      to.write(format.substr(at++, 1));
    } else if (format[at + 1] == '%') {
      to.write("%");
      at += 2;
    } else if (take_braced(format, at, "%header{", inside)) {
      to.write(all_of(of, inside));
    } else if (take_braced(format, at, "%output{", inside)) {
      to.open(inside);
    } else if (take_braced(format, at, "%{", inside)) {
      if (inside == "stdout") {
        to.turn_to(stdout);
      } else if (inside == "stderr") {
        to.turn_to(stderr);
      } else if (inside == "onerror" && of.exit_code == done) {
        return;
      } else if (variable_value(inside, of, value)) {
        to.write(value);
      } else {
        std::fprintf(stderr, "braid-get: unknown --write-out variable: '%s'\n", inside.c_str());
      }
    } else {
      to.write("%");
      ++at;
    }
  }
}

}  // namespace braid::get
