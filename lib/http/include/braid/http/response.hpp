#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/core/url.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

/// Where a request's time went. What did not happen is zero.
struct request_timings {
  duration queue{};    ///< for a connection to become free
  duration resolve{};  ///< of the last connection made, as the next two
  duration connect{};
  duration tls{};
  duration sent{};        ///< from the start to the request being on its way, a large body included
  duration first_byte{};  ///< from the start to the head of the final response
  duration total{};
  bool reused = false;    ///< the final response came over a kept connection
  unsigned attempts = 1;  ///< more than one: it was retried, and the other times are of the last attempt
};

/// A redirect that was followed.
struct redirect_hop {
  redirect_hop() = default;

  int status = 0;
  int version = 11;
  std::string reason;
  http::headers headers;
  braid::url url;  ///< that answered with it
};

/// What a server answered, up to the body: all a stream has at its start.
class response_head {
 public:
  response_head() = default;

  int status() const noexcept { return status_; }
  /// 2xx.
  bool ok() const noexcept { return status_ / 100 == 2; }
  /// What the server wrote behind the status; nothing in HTTP/2.
  const std::string& reason() const noexcept { return reason_; }
  /// 10, 11 or 20.
  int version() const noexcept { return version_; }
  const http::headers& headers() const noexcept { return headers_; }
  /// The first field of this name.
  std::optional<std::string_view> header(std::string_view name) const noexcept { return headers_.get(name); }
  /// What came behind a body in chunks or frames: checksums, results of what was computed meanwhile. Never mixed with
  /// headers(), and without the fields that would come too late (RFC 9110, 6.5). Of a stream: once its body has ended.
  const http::headers& trailers() const noexcept;
  /// Where the response came from, after redirects.
  const braid::url& url() const noexcept { return url_; }
  const std::vector<redirect_hop>& history() const noexcept { return history_; }
  const request_timings& timings() const noexcept { return timings_; }
  /// The body is one that the client's cache had; header("Age") says how old it is.
  bool from_cache() const noexcept { return from_cache_; }

 protected:
  void throw_for_status() const;

  friend class cached_request;
  friend class exchange;
  friend class conversation;
  int status_ = 0;
  int version_ = 11;
  std::string reason_;
  std::string method_;
  http::headers headers_;
  std::shared_ptr<const http::headers> trailers_;
  braid::url url_;
  std::vector<redirect_hop> history_;
  request_timings timings_;
  bool from_cache_ = false;
};

class request;

/// A complete response. A content coding (gzip, ...) has been undone; the header fields still tell of it.
class response : public response_head {
 public:
  response() = default;

  /// An answer that no server gave: from middleware, a cache, a test.
  static response made(const request& asked, int status, http::headers fields = {}, std::string body = {});

  const std::string& body() const noexcept { return body_; }
  std::string take_body() noexcept { return std::move(body_); }

  /// Throws: protocol_error, which says where the body is not JSON.
  nlohmann::json json() const;

  /// Throws: status_error, "GET http://h/: 404 Not Found", for 4xx and 5xx.
  response& raise_for_status() &;
  const response& raise_for_status() const&;
  response&& raise_for_status() &&;

 private:
  friend class cached_request;
  friend class exchange;
  friend class conversation;
  std::string body_;
};

}  // namespace braid::http
