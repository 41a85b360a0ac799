#include "list_request.hpp"

#include <charconv>

namespace braid::serve {
namespace {

constexpr std::size_t largest_page = 1000;

template <class T>
bool read_number(std::string_view text, T& into) {
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, into);
  return error == std::errc() && stop == end;
}

}  // namespace

std::variant<list_request, fault> read_list_request(const query_pairs& parameters) {
  list_request out;
  for (const auto& [name, value] : parameters) {
    bool good = false;
    if (name == "status") {
      out.state = scrape::task_state_from(value);
      good = out.state.has_value();
    } else if (name == "cursor") {
      good = read_number(value, out.before) && out.before > 0;
    } else if (name == "limit") {
      good = read_number(value, out.limit) && out.limit >= 1 && out.limit <= largest_page;
    } else {
      return fault(400, "unknown_parameter", json_text(name) + " is no parameter", name);
    }
    if (!good) {
      return fault(400, "bad_parameter",
                   "expected status=waiting|done|failed, limit=1 to 1000, cursor as next_cursor has it", name);
    }
  }
  return out;
}

}  // namespace braid::serve
