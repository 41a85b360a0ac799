#include <braid/core/error.hpp>
#include <braid/runtime/detail/join.hpp>
#include <braid/runtime/detail/scope.hpp>
#include <charconv>
#include <string>

namespace braid::detail {

namespace {

std::string in_seconds(duration time) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, std::chrono::duration<double>(time).count()).ptr;
  return std::string(text, end) + " s";
}

}  // namespace

root_awaitable scope::run(awaitable<void> child) {
  try {
    co_await std::move(child);
  } catch (...) {
    failure_ = std::current_exception();
  }
  ended_ = true;
  disarm();
  done_.wake();
}

void scope::start(awaitable<void> child) { launch(executor_, signal_.slot(), run(std::move(child))); }

void scope::set_limit(duration limit) {
  auto& queue = timer_queue::of(executor_);
  const auto start = queue.now();
  arm(queue, limit < time_point::max() - start ? start + limit : time_point::max(), [](timer& self) {
    auto& parent = static_cast<scope&>(self);
    parent.timed_out_ = true;
    parent.signal_.emit(asio::cancellation_type::terminal);
  });
}

awaitable<void> scope::join() {
  return detail::join(
      done_, [](void* self, asio::cancellation_type_t type) { static_cast<scope*>(self)->signal_.emit(type); }, this);
}

void scope::rethrow(duration limit, std::string_view phase) const {
  if (!failure_) return;
  if (timed_out_ && is_cancelled(failure_)) {
    throw timeout_error(std::string(phase) + ": nothing within " + in_seconds(limit), std::string(phase));
  }
  std::rethrow_exception(failure_);
}

}  // namespace braid::detail
