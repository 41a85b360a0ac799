#include <algorithm>
#include <braid/http/request.hpp>
#include <nlohmann/json.hpp>

#include <braid/core/base64.hpp>
#include <braid/core/error.hpp>

namespace braid::http {

request::request(std::string_view method, std::string_view address) : request(method, braid::url::parse(address)) {}

request::request(std::string_view method, braid::url address) : method_(method), url_(std::move(address)) {
  if (!is_token(method)) throw invalid_argument("request: \"" + method_ + "\" is no method");
  if (method == "CONNECT") throw invalid_argument("request: CONNECT is for proxies, not for a client's own requests");
  if (url_.scheme() != "http" && url_.scheme() != "https") {
    throw invalid_url("\"" + std::string(url_.str()) + "\": the scheme is neither http nor https");
  }
}

request& request::header(std::string_view name, std::string_view value) & {
  if (equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Transfer-Encoding")) {
    throw invalid_argument("request: " + std::string(name) + " follows from the body");
  }
  fields_.add(name, value);
  return *this;
}

request& request::query(std::string_view name, std::string_view value) & {
  query_pairs pair;
  pair.emplace_back(name, value);
  std::string text(url_.query());
  if (!text.empty()) text += '&';
  text += form_encode(pair);
  url_ = url_.with_query(text);
  return *this;
}

request& request::content_type(std::string_view type) {
  if (!type.empty() && !fields_.has("Content-Type")) fields_.add("Content-Type", type);
  return *this;
}

request& request::body(std::string bytes, std::string_view type) & {
  body_ = std::move(bytes);
  source_ = nullptr;
  has_body_ = true;
  return content_type(type);
}

request& request::stream(body_source next, std::optional<std::uint64_t> length, std::string_view type) & {
  if (!next) throw invalid_argument("request: a body's source that is empty");
  body_.clear();
  source_ = std::move(next);
  length_ = length;
  has_body_ = true;
  return content_type(type);
}

request& request::form(const query_pairs& fields) & {
  return body(form_encode(fields), "application/x-www-form-urlencoded");
}

request& request::json(const nlohmann::json& value) & {
  std::string text;
  try {
    text = value.dump();
  } catch (const nlohmann::json::exception& e) {
    throw invalid_argument(std::string("request: not to be written as JSON: ") + e.what());
  }
  return body(std::move(text), "application/json");
}

request& request::basic_auth(std::string_view user, std::string_view password) & {
  if (user.find(':') != user.npos) throw invalid_argument("request: a colon in the user name of basic_auth");
  std::string both(user);
  both += ':';
  both += password;
  fields_.set("Authorization", "Basic " + base64(both));
  return *this;
}

request& request::bearer(std::string_view token) & {
  fields_.set("Authorization", "Bearer " + std::string(token));
  return *this;
}

namespace {

/// What may stand before the colon: visible bytes, also those that are no token's, for names that only their author
/// understands.
bool is_name(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7F;
  });
}

/// "Name: value" CR LF, any number of times.
void check_lines(std::string_view lines) {
  for (bool first = true; !lines.empty(); first = false) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    const std::size_t colon = line.find(':');
    const bool folded = !first && (line.starts_with(' ') || line.starts_with('\t'));
    std::string_view name = line.substr(0, colon);
    // Blanks before the colon are the author's to answer for.
    while (name.ends_with(' ')) name.remove_suffix(1);
    const bool named = colon != line.npos && is_name(name);
    const bool good = end != lines.npos && (folded || named) && is_field_value(line.substr(named ? colon + 1 : 0));
    if (!good) throw invalid_argument("request: \"" + std::string(line) + "\" is no header line");
    lines.remove_prefix(end + 2);
  }
}

}  // namespace

request& request::wire(wire_form form) & {
  const auto breaks = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; };
  if (std::any_of(form.target.begin(), form.target.end(), breaks)) {
    throw invalid_argument("request: a space or a control byte in the target \"" + form.target + "\"");
  }
  check_lines(form.lines);
  wire_ = std::make_shared<const wire_form>(std::move(form));
  return *this;
}

request& request::expect_continue(duration wait) & {
  auto form = wire_ ? std::make_shared<wire_form>(*wire_) : std::make_shared<wire_form>();
  form->continue_wait = wait;
  wire_ = std::move(form);
  fields_.set("Expect", "100-continue");
  return *this;
}

request& request::timeout(duration total) & {
  timeout_ = total;
  return *this;
}

request& request::proxy(net::proxy_settings instead) & {
  proxy_ = std::move(instead);
  return *this;
}

}  // namespace braid::http
