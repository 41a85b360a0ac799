#include "client/request_pacer.hpp"

#include <algorithm>

#include <braid/http/retry.hpp>

namespace braid::http {

origin_lane::verdict request_pacer::ask(const url& to, ticket& who) {
  line* const where = line_of(to);
  if (!where) return origin_lane::verdict::go;
  const origin_lane::verdict out = where->lane.ask(who, timers_.now());
  if (out == origin_lane::verdict::wait) {
    who.where = &where->lane;
    if (!where->armed()) schedule(*where);
  }
  return out;
}

void request_pacer::heed(const url& to, int status, const headers& fields, wall_time wall_now) {
  if ((status != 429 && status != 503) || rates_.longest_pause <= duration::zero()) return;
  const auto asked = asked_to_wait(fields, wall_now);
  if (!asked) return;
  line* const where = line_of(to);
  if (where) where->lane.pause_until(timers_.now() + std::min(*asked, rates_.longest_pause));
}

void request_pacer::abandon() noexcept {
  for (const auto& [origin, one] : lines_) one->disarm();
}

/// Null where there is no rate.
request_pacer::line* request_pacer::line_of(const url& to) {
  const request_rate* const rate = rates_.of(to.host());
  if (!rate) return nullptr;
  std::string origin = to.origin();
  const auto found = lines_.find(origin);
  if (found != lines_.end()) return found->second.get();
  if (lines_.size() >= forget_at_) forget_quiet();
  auto made = std::make_unique<line>(*rate, rates_.waiting, timers_);
  return lines_.emplace(std::move(origin), std::move(made)).first->second.get();
}

void request_pacer::forget_quiet() {
  const time_point now = timers_.now();
  std::erase_if(lines_, [now](const auto& one) { return one.second->lane.is_quiet(now); });
  forget_at_ = std::max<std::size_t>(256, 2 * lines_.size());
}

void request_pacer::schedule(line& which) {
  const auto when = which.lane.next(which.timers.now());
  if (when) which.arm(which.timers, *when, &request_pacer::on_turn);
}

void request_pacer::on_turn(timer& which) {
  line& self = static_cast<line&>(which);
  while (origin_lane::ticket* const next = self.lane.serve(self.timers.now())) {
    static_cast<ticket*>(next)->served_or_late.wake();
  }
  schedule(self);
}

}  // namespace braid::http
