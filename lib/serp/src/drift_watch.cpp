#include <algorithm>
#include <braid/serp/drift_watch.hpp>
#include <utility>

#include "definition.hpp"

namespace braid::serp {

drift_watch_shared::drift_watch_shared(const std::vector<engine>& engines) {
  for (const auto& one : engines) engines_[one.name()] = std::make_unique<watched>(one);
}

std::vector<drift> drift_watch_shared::add(const engine& of, const nlohmann::ordered_json& record) {
  const auto at = engines_.find(of.name());
  if (at == engines_.end()) return {};
  auto& own = *at->second;
  const std::lock_guard lock(own.mutex);
  own.seen.add(record);
  auto fallen = drifted(own.of, own.seen);
  std::erase_if(fallen, [&own](const drift& one) { return !own.told.insert(one.what).second; });
  return fallen;
}

std::vector<std::string> drift_watch_shared::fallen() const {
  std::vector<std::string> lines;
  for (const auto& [name, own] : engines_) {
    const std::lock_guard lock(own->mutex);
    for (const auto& one : drifted(own->of, own->seen)) lines.push_back(name + ": " + to_string(one));
  }
  return lines;
}

std::vector<field_fill> drift_watch_shared::fills() const {
  std::vector<field_fill> all;
  for (const auto& [name, own] : engines_) {
    const auto& expected = own->of.rules().baseline.fields;
    const std::lock_guard lock(own->mutex);
    for (auto& field : own->seen.fields()) {
      const auto known = expected.find(field.name);
      field_fill one;
      one.engine = name;
      if (known != expected.end()) one.expected = known->second;
      one.field = std::move(field);
      all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace braid::serp
