#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace braid::serve {

/// Which of the tasks that others do are to be looked for next: those that somebody waits for, the oldest of each
/// engine, which are done first, and of the rest some in turn. A plain function of its state.
///
/// Threads: one at a time.
class lookout {
 public:
  void add(const std::string& id, const std::string& engine, std::int64_t number);
  /// Looked for first from now on; nothing if it is not there.
  void hurry(const std::string& id);
  void remove(const std::string& id);

  /// At most `most` ids, none twice.
  std::vector<std::string> next(std::size_t most);
  /// The number of the task.
  std::optional<std::int64_t> find(const std::string& id) const;
  std::size_t size() const noexcept { return by_id_.size(); }

 private:
  struct place {
    place() = default;
    std::int64_t number = 0;
    std::string engine;
  };
  struct lane {
    lane() = default;
    std::map<std::int64_t, std::string> ids;  // the oldest first
    std::int64_t turn = 0;                    // the last that was looked for in its turn
  };
  std::map<std::string, lane> lanes_;  // by engine
  std::unordered_map<std::string, place> by_id_;
  std::set<std::string> hurried_;
};

}  // namespace braid::serve
