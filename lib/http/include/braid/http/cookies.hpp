#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/core/url.hpp>
#include <braid/http/headers.hpp>

// Cookies by RFC 6265bis. The functions decide; the jar remembers. None of them asks a clock: `now` is passed in.
//
// Two choices of this client: a cookie without a name is refused, as RFC 6265 has it, and plain http to localhost,
// 127.0.0.1 and ::1 counts as secure, as in browsers and curl.

namespace braid::http {

/// What SameSite said. Kept for export and for callers; a client without pages has no site to compare with.
enum class same_site : std::uint8_t { unspecified, none, lax, strict };

/// A Set-Cookie field as it was written (RFC 6265bis, 5.6); of an attribute that is repeated, the last.
struct set_cookie {
  std::string name;
  std::string value;
  std::string domain;               ///< lower case, without the leading dot; empty for none
  std::optional<std::string> path;  ///< empty for one that is no path
  std::optional<wall_time> expires;
  std::optional<std::chrono::seconds> max_age;
  bool secure = false;
  bool http_only = false;
  same_site site = same_site::unspecified;

  set_cookie() = default;
};

/// The field's value taken apart. Nothing for one that is ignored as a whole: no name, or control bytes.
std::optional<set_cookie> parse_set_cookie(std::string_view field);

/// The date of an Expires attribute, in whatever order its parts come (RFC 6265, 5.1.1). Nothing for what is no date.
std::optional<wall_time> parse_cookie_date(std::string_view text);

/// True when `host` is `domain` or a name below it (RFC 6265, 5.1.3). Both in lower case.
bool domain_matches(std::string_view host, std::string_view domain) noexcept;
/// True when `path` is `cookie_path` or lies below it (RFC 6265, 5.1.4).
bool path_matches(std::string_view path, std::string_view cookie_path) noexcept;

/// True for a domain under which strangers register their own, such as "com" or "co.uk", and for any name without a
/// dot. By the list that libpsl brings, lower case or not, Unicode or punycode.
bool is_public_suffix(std::string_view domain);
/// The public suffix and one label more, in lower case: "www.example.co.uk" gives "example.co.uk". Empty for a public
/// suffix, an address and what is no name.
std::string registrable_domain(std::string_view host);

/// How much a jar holds. What is over a bound pushes out what has not been used for longest: first what has expired,
/// then what is not Secure.
struct cookie_limits {
  std::size_t per_domain = 180;
  std::size_t total = 3000;
  std::size_t cookie_bytes = 4096;               ///< name and value together; a larger cookie is refused
  std::size_t header_bytes = 8190;               ///< of a Cookie field; cookies that do not fit stay behind
  duration lifetime = std::chrono::hours(9600);  ///< 400 days; longer ones are cut down

  cookie_limits() = default;
};

/// A cookie in a jar.
struct cookie {
  std::string name;
  std::string value;
  std::string domain;  ///< lower case, without a leading dot
  std::string path = "/";
  std::optional<wall_time> expires;  ///< empty: for the session
  wall_time created{};
  wall_time accessed{};
  bool host_only = true;  ///< false: for the names below the domain too
  bool secure = false;
  bool http_only = false;
  same_site site = same_site::unspecified;

  cookie() = default;
  bool expired(wall_time now) const noexcept { return expires && *expires <= now; }
};

/// The cookie that a response from `from` sets, or nothing when the standard refuses it (RFC 6265bis, 5.7): a domain of
/// somebody else, a public suffix, Secure without TLS, SameSite=None without Secure, a broken promise of a __Secure- or
/// __Host- name, more than limits.cookie_bytes.
std::optional<cookie> accept_cookie(const set_cookie& asked, const url& from, const cookie_limits& limits,
                                    wall_time now);

/// Cookies of a client, or of several. A value: copies are independent.
///
///     http::client_options options;
///     options.cookies = std::make_shared<http::cookie_jar>();
///
/// Threads: shared; each function locks, so that one jar may serve clients on any contexts.
class cookie_jar {
 public:
  explicit cookie_jar(cookie_limits limits = {});
  cookie_jar(const cookie_jar& other);
  cookie_jar& operator=(const cookie_jar& other);

  /// Keeps what a Set-Cookie field of a response from `from` asks for. False: refused.
  bool store(const url& from, std::string_view field, wall_time now);
  /// All Set-Cookie fields of a response.
  void store(const url& from, const headers& response, wall_time now);
  /// Keeps a cookie from elsewhere than a response; its times of creation and access become `now`. False for one that
  /// no response could have set.
  bool add(cookie one, wall_time now);

  /// The value of the Cookie field of a request: longest path first, then in order of creation. Empty for none.
  std::string header_for(const url& to, wall_time now);

  /// What has not expired, in the order of creation.
  std::vector<cookie> cookies(wall_time now) const;
  std::size_t size() const;
  void clear();
  /// Forgets the cookies without an expiry date, as the end of a browser's session does.
  void end_session();

  /// Adds the cookies of a Netscape cookie file, as curl writes them, "#HttpOnly_" lines included; lines that say
  /// nothing understandable are passed over. Returns how many were taken.
  std::size_t import_netscape(std::string_view text, wall_time now);
  /// The jar as such a file. What the format cannot hold stays behind: a tab in a name or path, and SameSite.
  std::string export_netscape(wall_time now) const;

 private:
  struct entry : cookie {
    std::uint64_t serial = 0;  // in the order of creation
  };
  using domain_cookies = std::vector<entry>;

  bool keep(cookie&& one, bool from_secure, wall_time now);
  bool hides_secure(const cookie& one) const;
  void make_room(domain_cookies& in, wall_time now);
  void make_room_in_all(wall_time now);
  std::vector<entry> sorted(wall_time now) const;

  mutable std::mutex mutex_;
  cookie_limits limits_;
  std::map<std::string, domain_cookies, std::less<>> domains_;
  std::size_t size_ = 0;
  std::uint64_t serial_ = 0;
};

}  // namespace braid::http
