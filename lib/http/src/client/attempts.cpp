#include "client/attempts.hpp"

#include <braid/core/error.hpp>

namespace braid::http {
namespace {

/// Nothing of the request reached a server.
bool never_sent(const std::exception_ptr& failure) {
  if (!failure) return false;
  try {
    std::rethrow_exception(failure);
  } catch (const error& e) {
    return e.code() == errc::resolve_failed || e.code() == errc::connect_failed || e.code() == errc::proxy_failed;
  } catch (...) {
    return false;
  }
}

}  // namespace

attempts::attempts(retry_state& shared, const request& what, time_point end)
    : shared_(shared), end_(end), streamed_(what.has_stream()), repeatable_(may_be_repeated(what)) {
  shared_.budget.count_request();
}

std::optional<duration> attempts::wait_after(const std::exception_ptr& failure, const response_head& answer,
                                             time_point now) {
  ++made_;
  failed_attempt last;
  last.retryable = failure ? is_retryable(failure) : is_retryable_status(answer.status());
  if (!last.retryable || streamed_ || !(repeatable_ || never_sent(failure))) return std::nullopt;
  if (!failure) last.retry_after = asked_to_wait(answer.headers(), std::chrono::system_clock::now());
  const double unit = std::uniform_real_distribution<double>()(shared_.random);
  const std::optional<duration> wait = shared_.policy.wait_after(made_, last, unit);
  if (!wait || *wait >= end_ - now || !shared_.budget.take()) return std::nullopt;
  return wait;
}

}  // namespace braid::http
