#pragma once

#include <optional>
#include <string>
#include <vector>

#include <braid/core/url.hpp>

#include "pattern.hpp"

namespace braid::serp {

enum class filter_kind {
  regex,
  replace,
  keep,
  drop,
  query,
  redirect,
  before,
  absolute,
  number,
  date,
  lower,
  base64,
  percent,
  encode,
  markup,
  epoch
};

/// One step from what stands in the page to what stands in the record. A pure function of text and page URL.
struct filter {
  filter_kind kind = filter_kind::regex;
  pattern expression;                   // regex, replace, keep, drop; of redirect: which URLs are redirects
  std::string with;                     // replace, before
  std::vector<std::string> parameters;  // query, redirect: the first that is there
  pattern part;                         // redirect: the target inside the URL, in place of a parameter
  std::string strip;                    // redirect: what stands before the target
  bool base64 = false;                  // redirect: the target is base64url
};

/// Nothing: the value is not there after all.
std::optional<std::string> apply(const filter& step, std::string value, const url& page);
std::optional<std::string> apply(const std::vector<filter>& steps, std::string value, const url& page);

/// "about 1,234,000 results" -> 1234000; nothing without a digit.
std::optional<long long> number_in(std::string_view text);

}  // namespace braid::serp
