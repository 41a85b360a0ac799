#pragma once

#include <string_view>

namespace braid::http {

/// "Not Found" for 404; "Unknown" for a code without a name.
std::string_view status_text(int status) noexcept;

constexpr bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// True for a response that never has a body, whatever its header says.
constexpr bool is_bodyless(int status) noexcept { return status / 100 == 1 || status == 204 || status == 304; }

}  // namespace braid::http
