#pragma once

#include <braid/core/url.hpp>

namespace braid {

/// The short way for an http or https URL that is written as it will come out: one look at each byte, nothing decoded
/// and nothing rewritten. Most URLs are so, and the full parser costs them ten times as much.
class clean_url_parser {
 public:
  /// False, with `out` untouched, for everything that needs the full parser, wrong URLs among it.
  static bool parse(std::string_view text, url& out);
};

}  // namespace braid
