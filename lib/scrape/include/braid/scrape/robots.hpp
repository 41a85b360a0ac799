#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace braid::scrape {

/// What a robots.txt says to one crawler (RFC 9309, 2.2).
///
///     const auto rules = robots_rules::parse(text, "braid");
///     if (rules.allows(url.target())) ...
///
/// The groups that name the crawler count together; where there is none, those of "*". The longest pattern that matches
/// decides, and of two that are equally long the one that allows. Read as forgivingly as Google's parser reads it: any
/// line ends, a byte order mark, frequent misspellings, a missing colon. As there, %XX is compared and not decoded, and
/// a rule for a folder's index.htm stands for the folder.
///
/// Threads: does not change.
/// Limits: memory and time grow with the text's size; bound that.
class robots_rules {
 public:
  /// Everything is allowed.
  robots_rules() = default;
  /// Everything is disallowed: what holds as long as a robots.txt cannot be had.
  static robots_rules nothing();

  /// `agent` is a product token as "braid", compared whatever its case; product_token() cuts one out of a User-Agent.
  static robots_rules parse(std::string_view text, std::string_view agent);

  /// `target` is the path with the query, as url::target() gives it and as it would be sent.
  bool allows(std::string_view target) const;

  std::size_t size() const noexcept { return rules_.size(); }

 private:
  friend class robots_reader;

  struct rule {
    std::string pattern;
    bool allow = false;
  };

  std::vector<rule> rules_;
};

/// "braid" of "braid/0.1 (+https://...)": letters, '_' and '-' (RFC 9309, 2.2.1).
std::string_view product_token(std::string_view user_agent);

/// Path and query of an address as they are written, with a '/' in front: for addresses that did not go through url.
std::string robots_target(std::string_view address);

}  // namespace braid::scrape
