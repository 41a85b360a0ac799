#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <braid/http/client_options.hpp>
#include <braid/http/request.hpp>

namespace braid::http {

/// Writes requests' heads into a string that the caller sends. Sans-io.
class request_encoder {
 public:
  explicit request_encoder(const client_options& options);

  /// Appends the head. `credentials` false leaves out what belongs to another origin: after a redirect to elsewhere.
  /// `cookies` go before those that the request or the defaults name. With a proxy the request is for that one: it
  /// names the whole URL and has `authorization`, the proxy's credentials, which are left out of all others.
  void head(std::string& out, const request& what, bool credentials, std::string_view cookies = {},
            const net::proxy* via = nullptr, std::string_view authorization = {}) const;

  /// What head() would send, as fields.
  headers fields(const request& what, std::string_view cookies) const;

 private:
  struct line {
    std::string name;
    std::string text;  // with its line end
    bool secret = false;
    bool for_proxy = false;
  };

  bool is_plain(const request& what) const;
  void plain_head(std::string& out, const request& what) const;
  void shaped_head(std::string& out, const request& what, bool credentials, std::string_view cookies,
                   const net::proxy* via, std::string_view authorization) const;
  void fields(std::string& out, const request& what, bool credentials, std::string_view cookies, const net::proxy* via,
              std::string_view authorization) const;
  void defaults(std::string& out, const request& what, bool credentials, bool has_authorization, bool has_cookies,
                const net::proxy* via) const;
  void merge_cookies(std::string& out, const request& what, bool credentials, std::string_view cookies) const;
  static void framing(std::string& out, const request& what);

  std::vector<line> lines_;
  std::string block_;      // all lines
  std::string plain_end_;  // of a head that has nothing else: the Host line's end, all lines, the empty one
  std::string cookie_;     // of those named Cookie
  bool has_secrets_ = false;
};

/// True for the fields that must not follow a redirect to another origin.
bool is_credential(std::string_view name) noexcept;

}  // namespace braid::http
