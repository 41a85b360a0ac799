#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <braid/serp/engine.hpp>
#include <braid/serp/fill.hpp>

namespace braid::serp {

/// How often one field of an engine's records was filled, and how often its definition expects that.
struct field_fill {
  std::string engine;
  fill_counter::field field;
  std::optional<double> expected;  ///< nothing: the definition does not say
};

/// The alarm of a normal run: counts the fields of every record and tells when some of an engine's fall under its
/// definition's baseline.
///
///     const auto fallen = watch.add(engine, record.json);      // each thing once: log it and keep the page
///
/// Threads: shared by all contexts; a lock is held for some microseconds a page, for each engine by itself.
class drift_watch_shared {
 public:
  explicit drift_watch_shared(const std::vector<engine>& engines);

  /// What has fallen with this page and had not before; nothing for an engine that is not watched.
  std::vector<drift> add(const engine& of, const nlohmann::ordered_json& record);

  /// What is under its baseline over all that was added: "google: organic_results.snippet: 31 % of 420, expected 93 %".
  std::vector<std::string> fallen() const;
  /// Of all that was added, by engine and name.
  std::vector<field_fill> fills() const;

 private:
  struct watched {
    explicit watched(engine which) : of(std::move(which)) {}
    const engine of;
    std::mutex mutex;
    fill_counter seen;
    std::set<std::string> told;
  };

  std::map<std::string, std::unique_ptr<watched>> engines_;
};

}  // namespace braid::serp
