#include "client/redirect.hpp"

#include <braid/core/error.hpp>
#include <braid/http/status.hpp>

namespace braid::http {

std::optional<redirect_step> redirect_of(int status, const headers& fields, std::string_view method, const url& from) {
  if (!is_redirect(status)) return std::nullopt;
  const auto location = fields.get("Location");
  if (!location || location->empty()) return std::nullopt;
  redirect_step step;
  try {
    step.target = from.resolve(*location);
  } catch (const invalid_url&) {
    throw redirect_error("redirected to \"" + std::string(*location) + "\", which is no URL");
  }
  if (step.target.scheme() != "http" && step.target.scheme() != "https") {
    throw redirect_error("redirected to " + std::string(step.target.without_secrets().str()) +
                         ", which is neither http nor https");
  }
  step.becomes_get =
      (status == 303 && method != "GET" && method != "HEAD") || ((status == 301 || status == 302) && method == "POST");
  step.changes_origin = step.target.origin() != from.origin();
  return step;
}

}  // namespace braid::http
