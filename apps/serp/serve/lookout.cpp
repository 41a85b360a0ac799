#include "lookout.hpp"

#include <algorithm>
#include <utility>

namespace braid::serve {

void lookout::add(const std::string& id, const std::string& engine, std::int64_t number) {
  auto& at = by_id_[id];
  at.number = number;
  at.engine = engine;
  lanes_[engine].ids.emplace(number, id);
}

void lookout::hurry(const std::string& id) {
  if (by_id_.count(id) > 0) hurried_.insert(id);
}

void lookout::remove(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  lanes_[found->second.engine].ids.erase(found->second.number);
  hurried_.erase(id);
  by_id_.erase(found);
}

std::vector<std::string> lookout::next(std::size_t most) {
  std::set<std::string> chosen;
  for (const auto& id : hurried_) {
    if (chosen.size() >= most / 2) break;
    chosen.insert(id);
  }
  const auto busy =
      std::count_if(lanes_.begin(), lanes_.end(), [](const auto& one) { return !one.second.ids.empty(); });
  if (busy == 0) return {};
  const auto share = std::max<std::size_t>(1, (most - chosen.size()) / static_cast<std::size_t>(busy));
  for (auto& [engine, own] : lanes_) {
    const auto& ids = own.ids;
    const auto from_here = std::min({share, ids.size(), most - chosen.size()});
    const auto in_turn = from_here == ids.size() ? 0 : from_here / 4;
    auto oldest = ids.begin();
    for (std::size_t i = in_turn; i < from_here; ++i) chosen.insert((oldest++)->second);
    auto next = ids.upper_bound(own.turn);
    for (std::size_t i = 0; i < in_turn; ++i) {
      if (next == ids.end()) next = ids.begin();
      own.turn = next->first;
      chosen.insert((next++)->second);
    }
  }
  return {chosen.begin(), chosen.end()};
}

std::optional<std::int64_t> lookout::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second.number);
}

}  // namespace braid::serve
