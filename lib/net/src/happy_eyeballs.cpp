#include "happy_eyeballs.hpp"

#include <algorithm>

namespace braid::net {

std::vector<endpoint> interleave(const std::vector<endpoint>& addresses) {
  if (addresses.size() < 3) return addresses;
  std::vector<endpoint> first, other, out;
  for (const endpoint& one : addresses) (one.family() == addresses[0].family() ? first : other).push_back(one);
  out.reserve(addresses.size());
  for (std::size_t i = 0; i < std::max(first.size(), other.size()); ++i) {
    if (i < first.size()) out.push_back(first[i]);
    if (i < other.size()) out.push_back(other[i]);
  }
  return out;
}

attempt_plan::answer attempt_plan::next(time_point now) {
  if (begun_ < attempts_ && now >= next_at_) {
    ++running_;
    next_at_ = now + delay_;
    return {step::begin, begun_++};
  }
  if (running_ == 0) return {step::lost};
  return {step::wait, 0, begun_ < attempts_ ? next_at_ : time_point::max()};
}

void attempt_plan::failed() {
  --running_;
  next_at_ = time_point::min();
}

}  // namespace braid::net
