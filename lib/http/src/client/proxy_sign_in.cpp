#include <braid/http/proxy_sign_in.hpp>

namespace braid::http {

std::string proxy_sign_in::value(const net::proxy& via, std::string_view method, std::string_view target) {
  if (!via.has_credentials()) return {};
  if (via.scheme() == net::proxy_scheme::basic || basic_) return via.basic_authorization();
  if (!digest_) return {};
  const digest_challenge::credentials who{via.user(), via.password()};
  return digest_->answer(who, method, target, random_cnonce(), ++count_);
}

bool proxy_sign_in::take(const net::proxy& via, const std::vector<std::string_view>& challenges,
                         std::string_view sent) {
  if (!via.has_credentials() || via.scheme() == net::proxy_scheme::basic) return false;
  std::optional<digest_challenge> digest;
  bool basic = false;
  for (const std::string_view value : challenges) {
    for (const auth_challenge& one : parse_challenges(value)) {
      if (one.scheme == "basic") basic = true;
      if (one.scheme == "digest" && !digest) digest = digest_challenge::of(one);
    }
  }
  const bool sent_digest = sent.starts_with("Digest ");
  if (digest) {
    // The same password would be refused again, unless it was the nonce that was not taken.
    if (sent_digest && !digest->stale) return false;
    digest_ = std::move(digest);
    basic_ = false;
    count_ = 0;
    return true;
  }
  if (!basic || via.scheme() != net::proxy_scheme::any || sent.starts_with("Basic ")) return false;
  digest_.reset();
  basic_ = true;
  return true;
}

}  // namespace braid::http
