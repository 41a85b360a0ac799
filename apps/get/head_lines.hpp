#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace braid::get {

/// What differs from request to request of one transfer.
struct head_facts {
  head_facts() = default;

  std::string host;           // of the Host field
  std::string authorization;  // its value; empty for none
  std::string range, content_range;
  std::string referer;
  std::string cookies;              // of the jar
  std::string proxy_authorization;  // for a proxy that is asked for http itself
  bool by_proxy = false;
  std::string condition;  // a whole line: If-Modified-Since, ...
  std::string content_type;
  std::optional<std::uint64_t> length;  // of the body
  bool chunked = false;
  bool expect = false;
  bool awaits_challenge = false;  // the body comes with the next request
  bool own_origin = true;         // where credentials of -H may go
};

/// The header lines in the order in which curl writes them, with those of -H put in, in place of the usual ones or
/// instead of them.
std::string header_lines(const url_options& options, const head_facts& facts);

/// The value that -H gives a field, case aside; empty text for "Name:". Null where it does not speak of it.
std::optional<std::string_view> custom_value(const url_options& options, std::string_view name);

}  // namespace braid::get
