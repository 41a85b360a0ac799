#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/core/url.hpp>
#include <braid/http/cookies.hpp>
#include <braid/http/headers.hpp>

namespace braid::get {

/// A cookie of a file.
struct file_cookie {
  file_cookie() = default;

  std::string name, value;
  std::string domain;  // as it was written, without a leading dot; empty for any
  std::string path = "/";
  std::int64_t expires = 0;  // in seconds since 1970; 0 with the session
  bool host_only = true;     // false: for the names below the domain too
  bool secure = false, http_only = false;

  bool expired(std::int64_t now) const { return expires != 0 && expires <= now; }
};

/// Cookies of a command line, kept as curl keeps them: http::cookie_jar follows RFC 6265bis, whose order of cookies,
/// default paths and rounding of dates scripts and files for curl do not have. At most 3,000; the oldest goes first.
/// Times are seconds since 1970.
class cookie_box {
 public:
  /// Takes what the response from `from` sets: 50 at most.
  void store(const url& from, const http::headers& response, std::int64_t now);

  /// Takes the lines of a file as write() makes them, and of a response's head ("Set-Cookie: ..."). Without `session`,
  /// cookies that end with a session are left out.
  void read(std::string_view file, bool session, std::int64_t now);

  /// The value of a request's Cookie field: longest path first, then longest domain, longest name, newest; as much as
  /// curl sends. Empty for none.
  std::string line_for(const url& to, std::int64_t now) const;

  /// The content of a cookie file, newest first.
  std::string write(std::int64_t now) const;

 private:
  struct entry {
    file_cookie what;
    std::uint64_t serial = 0;
    bool live = false;  // of a response
  };

  bool take_field(const url* from, std::string_view field, std::int64_t now);
  void keep(entry one, bool secure_origin, std::int64_t now);

  std::vector<entry> all_;
  std::uint64_t serial_ = 0;
};

/// A line of a cookie file; empty for a comment and for what is none.
std::optional<file_cookie> parse_cookie_line(std::string_view line);

/// A cookie as a line of a cookie file.
std::string cookie_line(const file_cookie& one);

}  // namespace braid::get
