#pragma once

#include <string>
#include <string_view>

#include <braid/origin/search_page.hpp>

namespace braid::origin {

/// Text as it may stand in an element or a quoted attribute.
std::string escape(std::string_view text);

/// `text` with each word of `query` inside <`tag`>, escaped.
std::string highlight(std::string_view text, std::string_view query, std::string_view tag);

/// "1,234,567"
std::string grouped(std::uint64_t number);

/// About `bytes` of scripts, styles and nested elements such as result pages are full of, without a link or heading.
std::string filler(std::size_t bytes);

// One a file: the body of each engine's result page. `out` has the page's head already.
std::string render_google(const search_page& page, std::string_view fill);
std::string render_bing(const search_page& page, std::string_view fill);
std::string render_duckduckgo(const search_page& page, std::string_view fill);
std::string render_brave(const search_page& page, std::string_view fill);
std::string render_ecosia(const search_page& page, std::string_view fill);
std::string render_yahoo(const search_page& page, std::string_view fill);

/// How many bytes a page may have before the filler brings it to `page_bytes`.
inline constexpr std::size_t typical_page_bytes = 9'000;

}  // namespace braid::origin
