#pragma once

#include <braid/scrape/task_callback.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sqlite.hpp"

namespace braid::scrape {

/// Who wants to be told of which task's end, in the file of the tasks: the same transaction that ends a task makes its
/// callback due. Threads: one at a time.
class callback_table {
 public:
  /// Makes the table if there is none.
  explicit callback_table(sqlite::database& file) : callback_table(file, made_in(file)) {}

  void add(std::int64_t number, std::string_view url);
  /// Its task is over: the first attempt is due. Nothing for a task without a callback.
  void begin(std::int64_t number, std::int64_t now);
  void remove(std::int64_t number);

  /// The first ones that wait for an attempt, whenever it is due.
  std::vector<task_callback> next(std::size_t most);
  /// What an attempt came to.
  void update(const task_callback& what);
  std::optional<task_callback> find(std::int64_t number);

 private:
  struct made {};
  static made made_in(sqlite::database& file);
  callback_table(sqlite::database& file, made);

  sqlite::statement add_, begin_, remove_, next_, update_, find_;
};

}  // namespace braid::scrape
