#include "client/trailer.hpp"

#include <algorithm>
#include <array>

#include <braid/http/headers.hpp>

namespace braid::http {

bool may_be_trailer(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 14> too_late{
      "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Range",     "Content-Type", "Host",
      "Keep-Alive",    "Location",   "Set-Cookie",       "Trailer",        "Transfer-Encoding", "Upgrade",      "Vary"};
  return is_token(name) && std::none_of(too_late.begin(), too_late.end(),
                                        [&](std::string_view one) { return equal_ignoring_case(one, name); });
}

}  // namespace braid::http
