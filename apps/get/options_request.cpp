#include <array>
#include <fstream>

#include "body_text.hpp"
#include "get_error.hpp"
#include "numbers.hpp"
#include "option_table.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

void add_data(command_line& to, const std::string& text) {
  std::optional<std::string>& data = to.group().data;
  data = data ? *data + "&" + text : text;
}

void speak(command_line& to, http::protocol_choice version, bool old = false) {
  to.group().http_version = version;
  to.group().http_1_0 = old;
}

/// -H @FILE: one a line.
void add_headers(command_line& to, const std::string& value) {
  if (!value.starts_with('@')) {
    if (value.find_first_of(":;") == value.npos) {
      warn(to.global, "The provided HTTP header '" + value + "' does not look like a header?");
    }
    to.group().headers.push_back(value);
    return;
  }
  const std::string text = body_text(value, data_kind::binary);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    while (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) to.group().headers.push_back(line);
    at = end + 1;
  }
}

/// A file holds one ETag.
void check_tags(command_line& to, std::size_t urls) {
  const url_options& all = to.group();
  const bool tags = !all.etag_save.empty() || !all.etag_compare.empty();
  if (tags && urls > 1) throw bad_use("The etag options only work on a single URL");
}

/// --url, and @FILE: one a line.
void add_url(command_line& to, const std::string& value) {
  if (!value.starts_with('@')) {
    check_tags(to, to.group().urls.size() + 1);
    return to.group().urls.push_back(value);
  }
  const std::string text = file_content(value.substr(1));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty() && line[0] != '#') {
      to.group().urls.push_back(line);
      if (value.size() > 1) to.group().remote_name_all = to.group().remote_name_all || to.group().targets.empty();
    }
    at = end + 1;
  }
}

void add_cookie(command_line& to, const std::string& value) {
  if (value.find('=') == value.npos) return to.group().cookie_files.push_back(value);
  std::string& all = to.group().cookie;
  all = all.empty() ? value : all + "; " + value;
}

void set_referer(command_line& to, const std::string& value) {
  constexpr std::string_view automatic = ";auto";
  const std::size_t at = value.find(automatic);
  to.group().auto_referer = at != value.npos;
  to.group().referer = value.substr(0, at);
}

void set_resume(command_line& to, const std::string& value) {
  url_options& all = to.group();
  all.resume_by_file = value == "-";
  all.resume_from.reset();
  if (!all.resume_by_file) all.resume_from = static_cast<std::uint64_t>(std::max(whole_number(value), 0L));
  if (!all.range.empty()) throw bad_use("--continue-at is mutually exclusive with --range");
  if (all.remove_on_error) throw bad_use("--continue-at is mutually exclusive with --remove-on-error");
  if (all.when_exists == url_options::existing::keep) {
    throw bad_use("--continue-at is mutually exclusive with --no-clobber");
  }
}

/// "5" means "from 5 on".
void set_range(command_line& to, const std::string& value) {
  if (to.group().resume_by_file || to.group().resume_from) {
    throw bad_use("--continue-at is mutually exclusive with --range");
  }
  const bool open = value.find_first_not_of("0123456789") == value.npos;
  if (open) warn(to.global, "A specified range MUST include at least one dash (-). Appending one for you");
  if (value.find_first_not_of("0123456789-,") != value.npos) {
    warn(to.global,
         "Invalid character is found in given range. A specified range MUST have only digits in 'start'-'stop'. The "
         "server's response to this request is uncertain.");
  }
  to.group().range = open ? value + "-" : value;
}

using text = const std::string&;

constexpr std::array table{
    option{0, "url", "URL", "what to fetch, as without --url", add_url},
    option{'X', "request", "METHOD", "the method, kept in redirects",
           [](command_line& to, text v) { to.group().method = v; }},
    option{'d', "data", "DATA", "POST this; @FILE reads it, without line ends; several are joined by &",
           [](command_line& to, text v) { add_data(to, body_text(v, data_kind::ascii)); }},
    option{0, "data-ascii", "DATA", "", [](command_line& to, text v) { add_data(to, body_text(v, data_kind::ascii)); }},
    option{0, "data-raw", "DATA", "as -d, and @ means nothing",
           [](command_line& to, text v) { add_data(to, body_text(v, data_kind::raw)); }},
    option{0, "data-binary", "DATA", "as -d, and a file stays as it is",
           [](command_line& to, text v) { add_data(to, body_text(v, data_kind::binary)); }},
    option{0, "data-urlencode", "DATA", "as -d, encoded: TEXT, =TEXT, NAME=TEXT, @FILE, NAME@FILE",
           [](command_line& to, text v) { add_data(to, encoded_text(v)); }},
    option{0, "json", "DATA", "POST this as JSON; several are put one after the other",
           [](command_line& to, text v) {
             to.group().json = true;
             to.group().data = to.group().data.value_or("") + body_text(v, data_kind::binary);
           }},
    option{'F', "form", "NAME=TEXT", "a part of a multipart form; NAME=@FILE sends a file, NAME=<FILE its content",
           [](command_line& to, text v) {
             to.group().form.push_back({v, false});
           }},
    option{0, "form-string", "NAME=TEXT", "as -F, and @ and < mean nothing",
           [](command_line& to, text v) {
             to.group().form.push_back({v, true});
           }},
    option{0, "form-escape", "", "write quotes in names of a form with backslashes",
           [](command_line& to, text v) { to.group().form_escape = !v.empty(); }},
    option{'T', "upload-file", "FILE", "PUT a file; - is standard input",
           [](command_line& to, text v) { to.group().uploads.push_back(v); }},
    option{'G', "get", "", "send the data in the URL's query",
           [](command_line& to, text v) { to.group().data_in_query = !v.empty(); }},
    option{0, "url-query", "DATA", "add to the URL's query, encoded as by --data-urlencode; +TEXT as it is",
           [](command_line& to, text v) {
             to.group().queries.push_back(v.starts_with('+') ? v.substr(1) : encoded_text(v));
           }},
    option{'I', "head", "", "ask for the head alone",
           [](command_line& to, text v) { to.group().head_only = !v.empty(); }},
    option{'H', "header", "LINE", "send \"Name: value\"; \"Name:\" takes a header out, \"Name;\" sends it empty; @FILE",
           add_headers},
    option{'A', "user-agent", "NAME", "name the client", [](command_line& to, text v) { to.group().user_agent = v; }},
    option{'e', "referer", "URL", "send a Referer; \";auto\" follows redirects", set_referer},
    option{'b', "cookie", "NAME=VALUE", "send a Cookie; FILE without a = is read, in the format of -c", add_cookie},
    option{'c', "cookie-jar", "FILE", "write the cookies there at the end, - is standard output",
           [](command_line& to, text v) { to.group().cookie_jar = v; }},
    option{'j', "junk-session-cookies", "", "without those of -b that end with a session",
           [](command_line& to, text v) { to.group().junk_session = !v.empty(); }},
    option{0, "hsts", "FILE", "hosts that asked for https: read at the start, obeyed, written at the end",
           [](command_line& to, text v) { to.group().hsts = v; }},
    option{'r', "range", "FROM-TO", "these bytes only", set_range},
    option{'C', "continue-at", "OFFSET", "go on from this byte; - finds it in the output file", set_resume},
    option{'z', "time-cond", "TIME", "only what is newer than a date or a file; -TIME what is older",
           [](command_line& to, text v) { to.group().time_condition = v; }},
    option{0, "etag-save", "FILE", "keep the response's ETag",
           [](command_line& to, text v) {
             to.group().etag_save = v;
             check_tags(to, to.group().urls.size());
           }},
    option{0, "etag-compare", "FILE", "only what is not of this ETag",
           [](command_line& to, text v) {
             to.group().etag_compare = v;
             check_tags(to, to.group().urls.size());
           }},
    option{0, "compressed", "", "ask for gzip, deflate, br or zstd, and undo it",
           [](command_line& to, text v) { to.group().compressed = !v.empty(); }},
    option{0, "request-target", "TARGET", "what the request line names",
           [](command_line& to, text v) { to.group().request_target = v; }},
    option{0, "path-as-is", "", "leave /../ and /./ in the path",
           [](command_line& to, text v) { to.group().path_as_is = !v.empty(); }},
    option{'g', "globoff", "", "{} and [] in URLs mean nothing",
           [](command_line& to, text v) { to.group().glob = v.empty(); }},
    option{0, "proto-default", "SCHEME", "of URLs without one",
           [](command_line& to, text v) {
             if (!http::equal_ignoring_case(v, "http") && !http::equal_ignoring_case(v, "https")) {
               throw option_error(unsupported_scheme, "a requested feature is not there: the protocol '" + v + "'");
             }
             to.group().default_scheme = v;
           }},
    option{'0', "http1.0", "", "speak HTTP/1.0",
           [](command_line& to, text) { speak(to, http::protocol_choice::http1, true); }},
    option{0, "http1.1", "", "speak HTTP/1.1", [](command_line& to, text) { speak(to, http::protocol_choice::http1); }},
    option{0, "http2", "", "speak HTTP/2 where TLS offers it [so it is], and ask for it without TLS",
           [](command_line& to, text) { speak(to, http::protocol_choice::http2_upgrade); }},
    option{0, "http2-prior-knowledge", "", "speak HTTP/2, also without TLS",
           [](command_line& to, text) { speak(to, http::protocol_choice::http2_prior_knowledge); }},
    option{0, "http0.9", "", "take answers without a head",
           [](command_line& to, text v) { to.group().http_0_9 = !v.empty(); }},
    option{'L', "location", "", "follow redirects", [](command_line& to, text v) { to.group().follow = !v.empty(); }},
    option{0, "follow", "", "follow redirects, -X only where the status keeps the method",
           [](command_line& to, text v) {
             if (to.group().follow && !v.empty()) warn(to.global, "--follow overrides --location");
             to.group().follow = to.group().obey_method = !v.empty();
           }},
    option{0, "location-trusted", "", "as -L, and send the credentials to every host",
           [](command_line& to, text v) { to.group().follow = to.group().trusted = !v.empty(); }},
    option{0, "max-redirs", "N", "follow so many at most [50]",
           [](command_line& to, text v) { to.group().max_redirects = whole_number(v); }},
    option{0, "post301", "", "a POST stays one after 301",
           [](command_line& to, text v) { to.group().post301 = !v.empty(); }},
    option{0, "post302", "", "and after 302", [](command_line& to, text v) { to.group().post302 = !v.empty(); }},
    option{0, "post303", "", "and after 303", [](command_line& to, text v) { to.group().post303 = !v.empty(); }},
};

}  // namespace

std::span<const option> request_options() { return table; }

}  // namespace braid::get
