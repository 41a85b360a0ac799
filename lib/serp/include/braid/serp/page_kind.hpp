#pragma once

#include <optional>
#include <string_view>

namespace braid::serp {

/// What a page is, apart from what it says. Only `results` and `no_results` answer the query.
enum class page_kind {
  results,
  no_results,    ///< the engine looked and found nothing
  blocked,       ///< refused, in words or by a captcha
  soft_blocked,  ///< pretends that there is nothing
  js_required,   ///< an empty shell for a browser to fill
  consent,       ///< asks for consent first
  unknown,       ///< none of the engine's rules fits
};

std::string_view to_string(page_kind kind) noexcept;
std::optional<page_kind> page_kind_from(std::string_view name) noexcept;

/// True for results and for a genuine "nothing found".
constexpr bool is_answer(page_kind kind) { return kind == page_kind::results || kind == page_kind::no_results; }

}  // namespace braid::serp
