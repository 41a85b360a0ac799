#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace braid::scrape {

/// Whether somebody has been told of the end of a task.
enum class callback_state : std::uint8_t { waiting, delivered, given_up };

/// "waiting", "delivered", "given_up".
std::string_view to_string(callback_state which);

/// Somebody who wants to be told of a task's end, and how often that was tried.
struct task_callback {
  task_callback() = default;

  std::int64_t number = 0;  ///< the task's
  std::string url;
  callback_state state = callback_state::waiting;
  std::int64_t due = 0;   ///< of the next attempt, milliseconds since 1970; 0: the task is not over, or no more follows
  unsigned attempts = 0;  ///< made so far
  int status = 0;         ///< of the last answer; 0 for none
  std::string error;      ///< what went wrong in the last attempt
};

}  // namespace braid::scrape
