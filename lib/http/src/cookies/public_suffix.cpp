#include <libpsl.h>

#include <braid/http/cookies.hpp>

#include "cookies/cookie_text.hpp"

namespace braid::http {

namespace {

/// Compiled into libpsl, so that no file has to be found. Lives as long as the program.
const psl_ctx_t* list() { return psl_builtin(); }

}  // namespace

bool is_public_suffix(std::string_view domain) {
  // The dot at the end of a full name changes nothing about who owns the suffix.
  while (domain.ends_with('.')) domain.remove_suffix(1);
  const std::string name = canonical_domain(domain);
  // libpsl's own rule for what the list does not know: a name without a dot is a suffix.
  return psl_is_public_suffix(list(), name.c_str()) != 0;
}

std::string registrable_domain(std::string_view host) {
  if (host.empty() || host.front() == '.' || is_address(host)) return {};
  const std::string name = canonical_domain(host);
  const char* const found = psl_registrable_domain(list(), name.c_str());
  return found ? std::string(found) : std::string();
}

}  // namespace braid::http
