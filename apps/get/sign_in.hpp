#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/http/digest.hpp>
#include <braid/http/headers.hpp>

#include "address.hpp"
#include "options.hpp"

namespace braid::get {

/// Who asks, and how that is proved: one transfer's way through Basic, Digest and bearer tokens.
class sign_in {
 public:
  /// Throws: get_error (26) for a netrc file that cannot be read.
  sign_in(const url_options& options, const address& first);

  /// Takes up the credentials that a redirect's target brings or may have.
  void move_to(const address& next);

  /// The Authorization of a request; empty for none. `first_origin` is whether -u may go there.
  std::string value(std::string_view method, std::string_view target);
  /// True while a challenge must come before the body is worth sending.
  bool awaits_challenge() const;
  /// Looks at a 401: true when another attempt may do.
  bool answers(const http::headers& fields);

  /// No challenge came: the request goes without.
  void give_up() { has_user_ = false; }

 private:
  enum class scheme : std::uint8_t { none, basic, digest, bearer };

  void read_netrc(const address& where);

  const url_options& options_;
  std::string origin_;  // where the credentials belong
  std::string asked_;   // where the next request goes
  std::string home_;    // where the first one went
  bool at_home_ = true;
  std::string user_, password_;
  bool has_user_ = false;
  bool by_option_ = false;
  bool allowed_ = true;
  scheme picked_ = scheme::none;
  bool sent_ = false;
  std::optional<http::digest_challenge> challenge_;
  std::uint32_t count_ = 0;
};

}  // namespace braid::get
