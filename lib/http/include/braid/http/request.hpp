#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>
#include <braid/http/headers.hpp>
#include <braid/http/wire_form.hpp>
#include <braid/net/proxy_settings.hpp>

namespace braid::http {

/// What a client sends. A value: build it, pass it to client::send() or client::stream().
///
///     auto request = http::request("POST", "https://api.example/items").json(item).timeout(5s);
///     auto response = co_await client.send(std::move(request));
///
/// What may not stand in a request line or a header (line ends, NUL, spaces in a method) is refused here.
class request {
 public:
  /// Gives the next piece of a body; an empty piece ends it.
  using body_source = std::function<boost::asio::awaitable<std::string>()>;

  /// GET of nothing, to be assigned to.
  request() = default;

  /// Throws: invalid_url; invalid_argument for a method that is no token, and for CONNECT.
  request(std::string_view method, std::string_view address);
  request(std::string_view method, braid::url address);

  /// Appends a header field, beside others of its name. Content-Length and Transfer-Encoding follow from the body.
  /// Throws: invalid_argument for these two, and as headers::add.
  request& header(std::string_view name, std::string_view value) &;
  request&& header(std::string_view name, std::string_view value) && { return std::move(header(name, value)); }

  /// Adds name=value to the URL's query, encoded.
  request& query(std::string_view name, std::string_view value) &;
  request&& query(std::string_view name, std::string_view value) && { return std::move(query(name, value)); }

  /// `type` becomes the Content-Type where none is set and it is not empty.
  request& body(std::string bytes, std::string_view type = {}) &;
  request&& body(std::string bytes, std::string_view type = {}) && { return std::move(body(std::move(bytes), type)); }

  /// A body made while it is sent, in chunks unless `length` is known. It can be sent once only: the request is not
  /// repeated when a connection is lost, and a redirect that would repeat it is an error.
  request& stream(body_source next, std::optional<std::uint64_t> length = {}, std::string_view type = {}) &;
  request&& stream(body_source next, std::optional<std::uint64_t> length = {}, std::string_view type = {}) && {
    return std::move(stream(std::move(next), length, type));
  }

  /// As an HTML form sends its fields.
  request& form(const query_pairs& fields) &;
  request&& form(const query_pairs& fields) && { return std::move(form(fields)); }

  request& json(const nlohmann::json& value) &;
  request&& json(const nlohmann::json& value) && { return std::move(json(value)); }

  /// User and password are sent as they are, to the URL's own origin only.
  request& basic_auth(std::string_view user, std::string_view password) &;
  request&& basic_auth(std::string_view user, std::string_view password) && {
    return std::move(basic_auth(user, password));
  }
  request& bearer(std::string_view token) &;
  request&& bearer(std::string_view token) && { return std::move(bearer(token)); }

  /// How it stands on the wire, byte by byte, in HTTP/1.x. Throws: invalid_argument for lines and targets that would
  /// break the head.
  request& wire(wire_form form) &;

  /// Sends "Expect: 100-continue", and the body when the server says that it takes it, or has said nothing for so long
  /// (RFC 9110, 10.1.1). A final response in that time means that the body is not sent.
  request& expect_continue(duration wait = std::chrono::seconds(1)) &;
  request&& expect_continue(duration wait = std::chrono::seconds(1)) && { return std::move(expect_continue(wait)); }

  /// Instead of the client's total timeout.
  request& timeout(duration total) &;
  request&& timeout(duration total) && { return std::move(timeout(total)); }

  /// Instead of the client's proxies. proxy_settings() goes directly.
  request& proxy(net::proxy_settings instead) &;
  request&& proxy(net::proxy_settings instead) && { return std::move(proxy(std::move(instead))); }

  const std::string& method() const noexcept { return method_; }
  const braid::url& url() const noexcept { return url_; }
  const headers& fields() const noexcept { return fields_; }
  const std::string& body() const noexcept { return body_; }
  bool has_stream() const noexcept { return static_cast<bool>(source_); }
  std::optional<duration> timeout() const noexcept { return timeout_; }

 private:
  friend class cached_request;
  friend class exchange;
  friend class request_encoder;
  friend class conversation;

  request& content_type(std::string_view type);

  std::string method_ = "GET";
  braid::url url_;
  headers fields_;
  std::string body_;
  body_source source_;
  std::optional<std::uint64_t> length_;
  std::optional<duration> timeout_;
  std::optional<net::proxy_settings> proxy_;
  std::shared_ptr<const wire_form> wire_;
  bool has_body_ = false;
  bool validating_ = false;  // carries a cache's If-None-Match or If-Modified-Since
};

}  // namespace braid::http
