#include "head_lines.hpp"

#include <algorithm>

#include <braid/http/headers.hpp>

#include "exit_code.hpp"
#include "get_error.hpp"

namespace braid::get {

namespace {

constexpr const char* blank = " \t";

/// Without the blanks that some put before the colon: what follows is meant as that header.
std::string_view name_of(std::string_view line) {
  const std::string_view name = line.substr(0, line.find_first_of(":;"));
  return name.substr(0, name.find_last_not_of(blank) + 1);
}

bool is(std::string_view line, std::string_view name) { return http::equal_ignoring_case(name_of(line), name); }

/// The line as it is sent: "Name: value", "Name:" for "Name;", empty for a header that is only taken out.
std::string sent_form(std::string_view line) {
  const std::size_t end = line.find_first_of(":;");
  if (end == line.npos) return {};
  const bool empty = line.find_first_not_of(blank, end + 1) == line.npos;
  if (line[end] == ';') return end + 1 == line.size() ? std::string(line.substr(0, end)) + ":" : std::string();
  return empty ? std::string() : std::string(line);
}

/// "Host;"
bool is_sent_empty(const url_options& options, std::string_view name) {
  return std::any_of(options.headers.begin(), options.headers.end(), [&](const std::string& line) {
    return line.ends_with(';') && line.size() == name.size() + 1 && is(line, name);
  });
}

/// A line end makes another header of what follows, unless that is folded. Throws: get_error (43).
void check_line(std::string_view text) {
  for (auto at = text.find_first_of("\r\n"); at != text.npos; at = text.find_first_of("\r\n", at + 2)) {
    const bool folded = text.substr(at, 2) == "\r\n" && at + 2 < text.size() &&
                        std::string_view(blank).find(text[at + 2]) != std::string_view::npos;
    if (!folded)
      throw get_error(bad_argument, "A line end in the header \"" + std::string(text.substr(0, at)) + "...\"");
  }
}

class writer {
 public:
  explicit writer(const url_options& options) : options_(options) {}

  void field(std::string_view name, std::string_view value) {
    if (value.empty() || custom_value(options_, name)) return;
    check_line(value);
    text += std::string(name) + ": " + std::string(value) + "\r\n";
  }

  std::string text;

 private:
  const url_options& options_;
};

void add_custom(std::string& to, const url_options& options, const head_facts& facts) {
  for (const std::string& line : options.headers) {
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (!to.empty()) to += line + "\r\n";
      continue;
    }
    if (is(line, "Host") || is(line, "Connection")) continue;
    if (is(line, "Content-Type") && !options.form.empty()) continue;
    if (is(line, "Content-Length") && facts.awaits_challenge) continue;
    if (!facts.own_origin && (is(line, "Authorization") || is(line, "Cookie"))) continue;
    const std::string sent = sent_form(line);
    if (!sent.empty()) to += sent + "\r\n";
  }
}

}  // namespace

std::optional<std::string_view> custom_value(const url_options& options, std::string_view name) {
  for (const std::string& line : options.headers) {
    if (!is(line, name)) continue;
    const std::string_view rest = std::string_view(line).substr(std::min(line.find_first_of(":;") + 1, line.size()));
    return rest.substr(std::min(rest.find_first_not_of(blank), rest.size()));
  }
  return std::nullopt;
}

std::string header_lines(const url_options& options, const head_facts& facts) {
  for (const std::string& line : options.headers) check_line(line);
  writer out(options);
  const std::optional<std::string_view> host = custom_value(options, "Host");
  if (!host) out.text += "Host: " + facts.host + "\r\n";
  if (is_sent_empty(options, "Host")) out.text += "Host:\r\n";
  if (host && !host->empty()) out.text += "Host: " + std::string(facts.own_origin ? *host : facts.host) + "\r\n";
  out.field("Proxy-Authorization", facts.proxy_authorization);
  out.field("Authorization", facts.authorization);
  out.field("Range", facts.range);
  out.field("Content-Range", facts.content_range);
  out.field("User-Agent", options.user_agent ? *options.user_agent : "braid-get/" BRAID_VERSION);
  out.field("Accept", options.json ? "" : "*/*");
  out.field("Accept-Encoding", options.compressed ? "deflate, gzip, br, zstd" : "");
  out.field("Referer", facts.referer);
  const std::vector<std::string>& for_proxy = options.through.fields;
  const bool keeps =
      std::any_of(for_proxy.begin(), for_proxy.end(), [](auto& line) { return is(line, "Proxy-Connection"); });
  if (facts.by_proxy && !keeps) out.field("Proxy-Connection", "Keep-Alive");
  if (facts.chunked) out.field("Transfer-Encoding", "chunked");
  const std::string literal = facts.own_origin ? options.cookie : std::string();
  out.field("Cookie", facts.cookies + (facts.cookies.empty() || literal.empty() ? "" : "; ") + literal);
  if (!facts.condition.empty()) {
    const std::size_t colon = facts.condition.find(':');
    out.field(facts.condition.substr(0, colon), facts.condition.substr(colon + 2));
  }
  add_custom(out.text, options, facts);
  if (facts.by_proxy) {
    for (const std::string& line : options.through.fields) out.text += sent_form(line) + "\r\n";
  }
  if (options.json) {
    out.field("Content-Type", "application/json");
    out.field("Accept", "application/json");
  }
  if (facts.awaits_challenge) {
    out.text += "Content-Length: 0\r\n";
  } else if (facts.length) {
    out.field("Content-Length", std::to_string(*facts.length));
  }
  if (!options.form.empty() && !facts.content_type.empty()) {
    const auto own = custom_value(options, "Content-Type");
    const std::size_t mark = facts.content_type.find(';');
    const std::string type = own ? std::string(*own) + facts.content_type.substr(mark) : facts.content_type;
    out.text += "Content-Type: " + type + "\r\n";
  } else if (!options.json) {
    out.field("Content-Type", facts.content_type);
  }
  if (facts.expect) out.field("Expect", "100-continue");
  for (const std::string& line : options.headers) {
    const std::string sent = is(line, "Connection") ? sent_form(line) : std::string();
    if (!sent.empty()) out.text += sent + "\r\n";
  }
  return out.text;
}

}  // namespace braid::get
