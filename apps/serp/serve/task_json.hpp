#pragma once

#include <braid/scrape/task_store.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace braid::serve {

/// "waiting" and so on, or "running" for one that a gatherer has.
std::string_view state_name(scrape::task_state state, bool running);
/// Milliseconds since 1970 as answers have them, with quotes.
std::string time_json(std::int64_t milliseconds);
/// A task as the API answers it.
std::string task_json(const scrape::task_row& row, bool running);

}  // namespace braid::serve
