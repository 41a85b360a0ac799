#pragma once

#include <array>
#include <braid/scrape/task_callback.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace braid::scrape {

/// A task that somebody asked for over the network: waiting, or over with a record that says how.
enum class task_state : std::uint8_t { waiting, done, failed };
inline constexpr std::size_t task_states = 3;

/// "waiting", "done", "failed".
std::string_view to_string(task_state which);
std::optional<task_state> task_state_from(std::string_view name);

struct new_task {
  new_task() = default;

  std::string id;           ///< the one that its owner knows it by; unique
  std::string owner;        ///< only for whom it is there; empty is an owner too
  std::string lane;         ///< its target
  std::string request;      ///< what was asked for, as the caller of the store wrote it
  std::string same;         ///< equal for requests that the same record answers
  std::string idempotency;  ///< the owner's own name for this submission; empty for none
  std::string callback;     ///< URL that is to be told of the end; empty for none
};

/// A task without its record.
struct task_row {
  task_row() = default;

  std::int64_t number = 0;  ///< counts up in the order they were added
  std::string id, owner, lane, request, same;
  task_state state = task_state::waiting;
  std::int64_t created = 0;  ///< milliseconds since 1970
  std::int64_t ended = 0;    ///< 0 while it waits
  std::string error;         ///< the code it failed with
};

/// What a task came to.
struct task_result {
  task_result() = default;

  std::int64_t number = 0;
  task_state state = task_state::done;
  std::string error;
  std::string record;
  std::string page;  ///< kept where the task wants it, packed; else empty
};

/// Tasks and their records in a SQLite file, or in memory.
///
/// What add() and finish() have returned from survives the process; the last of it may not survive the power going
/// off, since only checkpoints wait for the disk.
///
/// Threads: shared; one at a time inside. Calls of one row take microseconds, those of many block accordingly.
/// Throws: io_error from every member.
class task_store_shared {
 public:
  /// What became of one new task.
  struct added {
    added() = default;

    std::int64_t number = 0;
    std::string id;         ///< of the task that is there: an earlier one where the idempotency key was known
    bool is_new = true;     ///< false: the key was known
    bool differs = false;   ///< and it was for another request
    bool answered = false;  ///< by the record of an earlier task
  };

  /// An empty path keeps everything in memory.
  explicit task_store_shared(const std::string& path);
  ~task_store_shared();

  /// Tasks whose `same` has a record that succeeded at `fresh_since` or later are over at once, with a copy of it; with
  /// 0 none is. All or none are added.
  std::vector<added> add(std::span<const new_task> tasks, std::int64_t now, std::int64_t fresh_since);
  /// Tasks that were removed meanwhile are passed over. True for those that were there.
  std::vector<bool> finish(std::span<const task_result> results, std::int64_t now);
  /// False if there is none of this owner.
  bool remove(std::string_view id, std::string_view owner);
  /// Drops what was over before then, `most` of them at once. How many they were.
  std::size_t expire(std::int64_t before, std::size_t most);

  std::optional<task_row> find(std::string_view id, std::string_view owner) const;
  /// How many of these idempotency keys have a task of this owner.
  std::size_t known(std::string_view owner, std::span<const std::string> keys) const;
  /// Whoever's it is.
  std::optional<task_row> row(std::int64_t number) const;
  /// Of a task that is over.
  std::optional<task_result> result(std::int64_t number) const;
  /// The newest first, beginning below `before` (0: at the newest), of one state or of all.
  std::vector<task_row> list(std::string_view owner, std::optional<task_state> state, std::int64_t before,
                             std::size_t most) const;
  /// Those of a lane that wait, in order, beginning above `after`.
  std::vector<task_row> waiting(std::string_view lane, std::int64_t after, std::size_t most) const;
  /// Callbacks of tasks that are over, those first that are due first, also where that is in the future. They go with
  /// their task.
  std::vector<task_callback> next_callbacks(std::size_t most) const;
  /// What an attempt came to; nothing if the task was removed.
  void update_callback(const task_callback& what);
  std::optional<task_callback> callback(std::int64_t number) const;
  /// How many tasks each owner has made since then, of those that are still there. Looks at all that are.
  std::map<std::string, std::uint64_t> made_since(std::int64_t created) const;
  /// By state, over all owners. Costs nothing.
  std::array<std::uint64_t, task_states> counts() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace braid::scrape
