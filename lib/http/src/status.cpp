#include <braid/http/status.hpp>

#include "server/reply_encoder.hpp"

namespace braid::http {

std::string_view status_text(int status) noexcept { return reason_phrase(status); }

}  // namespace braid::http
