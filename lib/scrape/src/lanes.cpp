#include <algorithm>
#include <braid/scrape/lanes.hpp>

namespace braid::scrape {

lanes::id lanes::add(duration interval) {
  lane fresh;
  fresh.interval = interval;
  lanes_.push_back(fresh);
  return lanes_.size() - 1;
}

void lanes::hold(id which, time_point until) {
  auto& own = lanes_[which];
  own.held = std::max(own.held, until);
}

std::size_t lanes::share(time_point now) const {
  const auto busy = static_cast<std::size_t>(std::count_if(lanes_.begin(), lanes_.end(), [now](const lane& one) {
    return one.under_way > 0 || (one.queued > 0 && one.held <= now);
  }));
  const auto left_free = slots_ > busy ? slots_ - busy + 1 : 1;
  return std::max({left_free, slots_ / 2, std::size_t{1}});
}

const lanes::lane* lanes::best(time_point now) const {
  const auto most = share(now);
  const lane* found = nullptr;
  for (const auto& one : lanes_) {
    if (one.queued == 0 || one.under_way >= std::min(one.limit, most) || now < std::max(one.turn, one.held)) continue;
    if (found == nullptr || one.under_way < found->under_way ||
        (one.under_way == found->under_way && one.last < found->last)) {
      found = &one;
    }
  }
  return found;
}

std::optional<lanes::id> lanes::pick(time_point now) {
  const lane* found = best(now);
  if (found == nullptr) return std::nullopt;
  const auto which = static_cast<id>(found - lanes_.data());
  auto& own = lanes_[which];
  --own.queued;
  ++own.under_way;
  own.last = ++picked_;
  own.turn = now + own.interval;
  return which;
}

std::optional<time_point> lanes::next_moment(time_point now) const {
  const auto most = share(now);
  std::optional<time_point> earliest;
  for (const auto& one : lanes_) {
    const auto moment = std::max(one.turn, one.held);
    if (one.queued == 0 || one.under_way >= std::min(one.limit, most) || moment <= now) continue;
    if (!earliest || moment < *earliest) earliest = moment;
  }
  return earliest;
}

}  // namespace braid::scrape
