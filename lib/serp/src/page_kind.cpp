#include <braid/serp/page_kind.hpp>

#include <array>
#include <utility>

namespace braid::serp {
namespace {

constexpr std::array<std::pair<page_kind, std::string_view>, 7> names = {{
    {page_kind::results, "results"},
    {page_kind::no_results, "no_results"},
    {page_kind::blocked, "blocked"},
    {page_kind::soft_blocked, "soft_blocked"},
    {page_kind::js_required, "js_required"},
    {page_kind::consent, "consent"},
    {page_kind::unknown, "unknown"},
}};

}  // namespace

std::string_view to_string(page_kind kind) noexcept {
  for (const auto& [value, name] : names)
    if (value == kind) return name;
  return "unknown";
}

std::optional<page_kind> page_kind_from(std::string_view name) noexcept {
  for (const auto& [value, known] : names)
    if (known == name) return value;
  return std::nullopt;
}

}  // namespace braid::serp
