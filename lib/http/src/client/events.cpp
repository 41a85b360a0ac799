#include <array>
#include <utility>

#include <braid/core/error.hpp>
#include <braid/http/events.hpp>

#include "client/exchange.hpp"

namespace braid::http {

std::string_view to_string(request_phase phase) noexcept {
  constexpr std::array<std::string_view, 9> names{"begin", "queue",      "resolve", "connect", "tls",
                                                  "send",  "first_byte", "body",    "failed"};
  return names[static_cast<std::size_t>(phase)];
}

// Only called where there is somebody to tell.

void exchange::tell_phase(request_phase what, std::optional<duration> took, std::string_view reason) {
  const time_point now = pool_->timers().now();
  const url target = request_.url_.without_secrets();
  request_event out;
  out.phase = what;
  out.took = took ? *took : now - last_phase_;
  out.since_begin = now - began_;
  out.request = number_;
  out.method = request_.method_;
  out.url = target.str();
  const bool answered = what == request_phase::first_byte || what == request_phase::body;
  if (answered && from_) out.status = from_->status();
  out.reused = what >= request_phase::send && reused_;
  out.reason = reason;
  last_phase_ = now;
  client_->options.events(out);
}

void exchange::tell_connecting(const net::connect_timings& took) {
  if (took.resolve > duration::zero()) tell_phase(request_phase::resolve, took.resolve);
  if (took.connect > duration::zero()) tell_phase(request_phase::connect, took.connect);
  if (took.tls > duration::zero()) tell_phase(request_phase::tls, took.tls);
}

void exchange::tell_failure(const std::exception_ptr& failure) {
  if (std::exchange(failure_told_, true)) return;  // a stream that is read again after its failure
  const std::string reason = describe(failure);
  tell_phase(request_phase::failed, {}, reason);
}

}  // namespace braid::http
