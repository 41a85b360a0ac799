#include <braid/measure/timeline.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace braid::measure {

span_log::span_log(std::size_t capacity) : capacity_(capacity) { spans_.reserve(capacity); }

void timeline::add_lane(std::string name, const span_log& log) {
  lane& made = lanes.emplace_back();
  made.name = std::move(name);
  made.spans.assign(log.spans().begin(), log.spans().end());
  made.dropped = log.dropped();
  // Of those that begin together the longest comes first: it holds the others.
  const auto order = [](const timeline_span& one) { return std::tuple(one.begin, -one.end, one.task, one.what); };
  std::sort(made.spans.begin(), made.spans.end(),
            [&](const timeline_span& a, const timeline_span& b) { return order(a) < order(b); });
}

}  // namespace braid::measure
