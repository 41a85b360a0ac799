#include "sign_in.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <braid/core/base64.hpp>
#include <braid/core/error.hpp>
#include <braid/http/netrc.hpp>

#include "get_error.hpp"

namespace braid::get {

namespace {

using netrc_use = url_options::netrc_use;

std::string netrc_name(const url_options& options) {
  if (!options.netrc_file.empty()) return options.netrc_file;
  if (const char* const named = std::getenv("NETRC")) return named;
  const char* const home = std::getenv("HOME");
  return std::string(home ? home : ".") + "/.netrc";
}

}  // namespace

sign_in::sign_in(const url_options& options, const address& first)
    : options_(options), origin_(first.origin()), asked_(origin_), home_(origin_) {
  if (!options.user.empty()) {
    const std::size_t colon = options.user.find(':');
    user_ = options.user.substr(0, colon);
    password_ = colon == options.user.npos ? "" : options.user.substr(colon + 1);
    has_user_ = by_option_ = true;
  } else if (first.has_user && options.netrc != netrc_use::required) {
    user_ = first.user;
    password_ = first.password;
    has_user_ = true;
  } else if (first.has_user) {
    user_ = first.user;
  }
  read_netrc(first);
  has_user_ = has_user_ || first.has_user;
  const bool only_basic = options.basic || (!options.digest && !options.any_auth);
  if (!options.bearer.empty()) {
    picked_ = scheme::bearer;
  } else if (only_basic && !options.digest && !options.any_auth) {
    picked_ = scheme::basic;
  } else if (options.digest && !options.basic && !options.any_auth) {
    picked_ = scheme::digest;
  }
}

void sign_in::read_netrc(const address& where) {
  if (options_.netrc == netrc_use::off) return;
  if (has_user_ && (by_option_ ? options_.user.find(':') != std::string::npos : !password_.empty())) return;
  const std::string name = netrc_name(options_);
  std::ifstream file(name);
  if (!file) {
    if (options_.netrc == netrc_use::optional) return;
    throw get_error(usage, ".netrc file missing or no access to it: " + name);
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::optional<http::netrc_entry> found;
  try {
    found = http::find_netrc(text, where.host, user_);
  } catch (const invalid_argument& e) {
    throw get_error(read_failed, std::string(".netrc parser error: ") + e.what());
  }
  if (!found) return;
  user_ = found->login;
  password_ = found->password;
  has_user_ = true;
}

void sign_in::move_to(const address& next) {
  // What the URL itself said is for its host alone.
  allowed_ = (options_.trusted && by_option_) || next.origin() == origin_;
  at_home_ = options_.trusted || next.origin() == home_;
  if (next.has_user && !(by_option_ && allowed_)) {
    user_ = next.user;
    password_ = next.password;
    has_user_ = allowed_ = true;
    by_option_ = false;
    origin_ = next.origin();
  } else if (!allowed_ && options_.netrc != netrc_use::off) {
    has_user_ = by_option_ = false;
    user_.clear();
    password_.clear();
    read_netrc(next);
    if (has_user_) {
      allowed_ = true;
      origin_ = next.origin();
    }
  }
  // A nonce is its server's.
  if (next.origin() != asked_) challenge_.reset();
  asked_ = next.origin();
}

std::string sign_in::value(std::string_view method, std::string_view target) {
  // The token is for where the command line leads; a user in a redirect or in netrc does not change that.
  if (picked_ == scheme::bearer) return at_home_ ? "Bearer " + options_.bearer : std::string();
  if (!allowed_) return {};
  if (!has_user_) return {};
  if (picked_ == scheme::basic) {
    sent_ = true;
    return "Basic " + base64(user_ + ":" + password_);
  }
  if (picked_ == scheme::digest && challenge_) {
    sent_ = true;
    const http::digest_challenge::credentials who{user_, password_};
    return challenge_->answer(who, method, target, http::random_cnonce(), ++count_);
  }
  return {};
}

bool sign_in::awaits_challenge() const { return allowed_ && has_user_ && picked_ == scheme::digest && !challenge_; }

bool sign_in::answers(const http::headers& fields) {
  if (!has_user_ || !allowed_) return false;
  std::optional<http::digest_challenge> digest;
  bool basic = false;
  for (const std::string_view value : fields.get_all("WWW-Authenticate")) {
    for (const http::auth_challenge& one : http::parse_challenges(value)) {
      if (one.scheme == "basic") basic = true;
      if (one.scheme == "digest" && !digest) digest = http::digest_challenge::of(one);
    }
  }
  const bool may_digest = options_.digest || options_.any_auth;
  const bool may_basic = options_.basic || options_.any_auth;
  if (digest && may_digest && (picked_ == scheme::none || picked_ == scheme::digest)) {
    const bool again = challenge_ && (!sent_ || !digest->stale);
    if (again) return false;
    picked_ = scheme::digest;
    challenge_ = std::move(digest);
    count_ = 0;
    return true;
  }
  if (basic && may_basic && picked_ == scheme::none) {
    picked_ = scheme::basic;
    return true;
  }
  return false;
}

}  // namespace braid::get
