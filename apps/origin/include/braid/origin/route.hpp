#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <braid/origin/engine.hpp>

namespace braid::origin {

/// What a request asks for.
struct route {
  enum class kind : std::uint8_t {
    search,
    home,      ///< an engine's front page, or the site's
    bytes,     ///< /bytes/N
    status,    ///< /status/NNN
    delay,     ///< /delay/MS
    redirect,  ///< /redirect/N
    stream,    ///< /stream/N, chunked
    gzip,      ///< /gzip, /gzip/N
    echo,      ///< /headers: the request as the site saw it, as JSON
    upload,    ///< /upload: reads the body, answers its length
    stats,
    robots,
    unknown,
  };

  route() = default;

  kind what = kind::unknown;
  engine which = engine::google;
  std::string query;
  unsigned page = 0;
  std::uint64_t number = 0;
};

/// Which engine's page a request target means.
///
/// 1. A first segment that is an engine's name decides: /bing/search is Bing's /search.
/// 2. Else a Host header that belongs to an engine (www.google.de, html.duckduckgo.com, search.brave.com) decides.
/// 3. Else the path or the parameters decide where only one engine has them: /html/ and /lite/ are DuckDuckGo's, p=
///    without q= is Yahoo's.
/// 4. Else it is `fallback`.
///
/// The page comes from the engine's own parameter: start= (Google), first= (Bing), s= (DuckDuckGo), offset= (Brave),
/// p= (Ecosia), b= (Yahoo).
route find_route(std::string_view target, std::string_view host, engine fallback);

}  // namespace braid::origin
