#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/join.hpp>
#include <braid/runtime/detail/launch.hpp>
#include <braid/runtime/detail/list.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/waiter.hpp>
#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace braid {

class task_group;

namespace detail {

/// One task of a group: what cancels it, and its place in the group. Lives as long as its coroutine.
struct task : list_link {
  task(task_group& owner, std::string_view label) : group(&owner), name(label) {}
  task_group* group;  // null once the group is gone, which happens only when the whole context is torn down
  asio::cancellation_signal signal;
  waiter turn;
  std::string name;
};

}  // namespace detail

/// The parent of tasks that run at the same time on one context. Made by with_task_group().
///
/// The first task (or body) that fails cancels all others; the failure is rethrown to the parent once all have ended.
///
/// Threads: use on the context it was made on, from its body and its tasks.
class task_group {
 public:
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;
  ~task_group();

  /// Starts a task: an awaitable, or a callable that returns one and is kept alive as long as the task runs. The task
  /// begins after the caller has suspended. `name` shows up in running().
  ///
  /// False, and the task is dropped without having begun, if the group is cancelled.
  bool spawn(awaitable<void> task, std::string_view name = {});
  template <class F>
  requires std::same_as<std::invoke_result_t<F&>, awaitable<void>>
  bool spawn(F function, std::string_view name = {});

  /// Starts a task that runs on another context: function() is called there (see run_on()). The group still lives here:
  /// cancellation is posted there, and the end of the task back.
  template <class F>
  requires std::same_as<std::invoke_result_t<F&>, awaitable<void>>
  bool spawn_on(context& where, F function, std::string_view name = {}) {
    return spawn([&where, function = std::move(function)]() mutable { return run_on(where, std::move(function)); },
                 name);
  }

  /// Ends all tasks and the body with operation_aborted at their next (or present) co_await. That is no failure: the
  /// group's parent goes on normally.
  void cancel();
  bool cancelled() const noexcept { return cancelled_; }

  /// Tasks that have not ended, the body among them.
  std::size_t size() const noexcept { return running_; }
  /// The names of those that have one.
  std::vector<std::string> running();

  const asio::any_io_executor& executor() const noexcept { return executor_; }

 private:
  template <class F>
  friend awaitable<void> with_task_group(F body);

  explicit task_group(const asio::any_io_executor& executor) : executor_(executor) {}

  template <class F>
  void start(F function, std::string_view name, bool later);
  template <class F>
  static detail::root_awaitable run(std::unique_ptr<detail::task> task, F function, bool later);
  void finished(detail::task& task, std::exception_ptr failure);
  void cancel_from_parent();
  void rethrow() const;

  asio::any_io_executor executor_;
  detail::list<detail::task> tasks_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
  waiter all_done_;
  bool cancelled_ = false;
  bool parent_cancelled_ = false;
};

/// Runs body(group) and every task it spawns, and returns when all have ended.
///
///     co_await with_task_group([&](task_group& group) -> awaitable<void> {
///       for (auto& url : urls) group.spawn(fetch(url));
///       co_return;
///     });
///
/// Lifetime: the lambda may capture by reference; it is kept until all tasks have ended.
/// Cancellation: is passed to the body and all tasks; throws operation_aborted when they have ended.
/// Throws: the first failure of the body or a task. Cancellation caused by the group itself is none.
template <class F>
awaitable<void> with_task_group(F body) {
  task_group group(co_await asio::this_coro::executor);
  // However it goes, the group may not be left before its tasks have ended.
  const bool throwing = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  group.start([&group, &body] { return body(group); }, {}, false);
  co_await detail::join(
      group.all_done_,
      [](void* self, asio::cancellation_type_t) { static_cast<task_group*>(self)->cancel_from_parent(); }, &group);
  co_await asio::this_coro::throw_if_cancelled(throwing);
  group.rethrow();
}

template <class F>
detail::root_awaitable task_group::run(std::unique_ptr<detail::task> task, F function, bool later) {
  std::exception_ptr failure;
  try {
    if (later) {
      task->turn.wake();
      co_await task->turn.wait();
    }
    co_await function();
  } catch (...) {
    failure = std::current_exception();
  }
  if (task->group) task->group->finished(*task, std::move(failure));
}

template <class F>
void task_group::start(F function, std::string_view name, bool later) {
  auto task = std::make_unique<detail::task>(*this, name);
  tasks_.push_back(*task);
  ++running_;
  auto slot = task->signal.slot();
  detail::launch(executor_, slot, run(std::move(task), std::move(function), later));
}

template <class F>
requires std::same_as<std::invoke_result_t<F&>, awaitable<void>>
bool task_group::spawn(F function, std::string_view name) {
  if (cancelled_) return false;
  start(std::move(function), name, true);
  return true;
}

}  // namespace braid
