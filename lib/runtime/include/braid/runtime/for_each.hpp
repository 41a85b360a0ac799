#pragma once

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/result.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>
#include <cstddef>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace braid {

namespace detail {

/// The items of a range, pulled one at a time by workers on one context or several.
template <class Range>
class item_source {
 public:
  using iterator = decltype(std::begin(std::declval<Range&>()));
  using reference = decltype(*std::declval<iterator&>());
  /// Items that live in the range are passed by reference; those an iterator makes up (or forgets on ++) by value.
  static constexpr bool stable = std::is_lvalue_reference_v<reference> && std::forward_iterator<iterator>;
  using item = std::conditional_t<stable, reference, std::remove_cvref_t<reference>>;
  using held = std::conditional_t<stable, std::remove_reference_t<reference>*, std::optional<item>>;

  item_source(Range& range, bool shared) : next_(std::begin(range)), end_(std::end(range)), shared_(shared) {}

  /// The next item, empty at the end. on_item() is called for it under the same lock.
  template <class OnItem>
  held pull(OnItem on_item) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (shared_) lock.lock();
    if (next_ == end_) return held{};
    held next = take();
    ++next_;
    on_item();
    return next;
  }

 private:
  held take() {
    if constexpr (stable) {
      return std::addressof(*next_);
    } else {
      return held(*next_);
    }
  }

  iterator next_;
  decltype(std::end(std::declval<Range&>())) end_;
  bool shared_;
  std::mutex mutex_;
};

/// How many workers each context gets: `limit` in all, the first contexts one more.
inline std::size_t share_of(std::size_t limit, std::size_t contexts, std::size_t index) {
  return limit / contexts + (index < limit % contexts ? 1 : 0);
}

/// Runs `worker()` `count` times at once on this context.
template <class Worker>
awaitable<void> run_workers(Worker& worker, std::size_t count) {
  const auto body = [&worker, count](task_group& group) -> awaitable<void> {
    for (std::size_t i = 0; i < count; ++i) group.spawn([&worker] { return worker(); });
    co_return;
  };
  co_await with_task_group(body);
}

/// Runs `worker()` `limit` times at once, spread over all contexts of the runtime, starting with this one.
template <class Worker>
awaitable<void> run_workers_everywhere(Worker& worker, std::size_t limit) {
  context* here = context::of(co_await asio::this_coro::executor);
  const std::size_t contexts = here ? here->owner().size() : 1;
  const auto body = [&worker, limit, here, contexts](task_group& group) -> awaitable<void> {
    for (std::size_t i = 1; i < contexts; ++i) {
      const std::size_t share = share_of(limit, contexts, i);
      if (share == 0) break;
      context& there = here->owner().at(static_cast<unsigned>((here->index() + i) % contexts));
      group.spawn_on(there, [&worker, share] { return run_workers(worker, share); });
    }
    for (std::size_t i = 0; i < share_of(limit, contexts, 0); ++i) group.spawn([&worker] { return worker(); });
    co_return;
  };
  co_await with_task_group(body);
}

template <class Range>
std::size_t workers_for(Range& range, std::size_t limit) {
  if constexpr (requires { std::size(range); }) limit = std::min<std::size_t>(limit, std::size(range));
  return limit;
}

inline void check_limit(std::size_t limit) {
  if (limit == 0) throw invalid_argument("for_each: a limit of 0 items at once would never end");
}

// `Range` is an lvalue reference, or a value that lives in this coroutine.
template <class Range, class F>
awaitable<void> for_each(Range range, std::size_t limit, F function) {
  check_limit(limit);
  context* here = context::of(co_await asio::this_coro::executor);
  using source_type = item_source<std::remove_reference_t<Range>>;
  source_type source(range, here && here->owner().size() > 1);
  const auto worker = [&source, &function]() -> awaitable<void> {
    while (auto item = source.pull([] {})) co_await function(std::forward<typename source_type::item>(*item));
  };
  co_await run_workers_everywhere(worker, workers_for(range, limit));
}

template <class R, class Range, class F>
awaitable<std::vector<result<R>>> collect(Range range, std::size_t limit, F function) {
  check_limit(limit);
  context* here = context::of(co_await asio::this_coro::executor);
  using source_type = item_source<std::remove_reference_t<Range>>;
  source_type source(range, here && here->owner().size() > 1);
  std::deque<std::optional<result<R>>> places;  // does not move what it holds when it grows
  const auto worker = [&source, &places, &function]() -> awaitable<void> {
    while (true) {
      std::optional<result<R>>* place = nullptr;
      auto item = source.pull([&] { place = &places.emplace_back(); });
      if (!item) co_return;
      std::exception_ptr failure;
      try {
        if constexpr (std::is_void_v<R>) {
          co_await function(std::forward<typename source_type::item>(*item));
          place->emplace();
        } else {
          place->emplace(co_await function(std::forward<typename source_type::item>(*item)));
        }
      } catch (...) {
        failure = std::current_exception();
      }
      if (!failure) continue;
      const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(failure);
      place->emplace(std::move(failure));
    }
  };
  co_await run_workers_everywhere(worker, workers_for(range, limit));
  std::vector<result<R>> results;
  results.reserve(places.size());
  for (auto& place : places) results.push_back(std::move(*place));
  co_return results;
}

template <class Range, class F>
using item_result_t =
    typename std::invoke_result_t<F&, typename item_source<std::remove_reference_t<Range>>::item>::value_type;

}  // namespace detail

/// Calls the coroutine function(item) for every item of `range`, at most `limit` at once in all, on all contexts of the
/// runtime (on the caller's alone where there is no runtime). Each context pulls its next item when it has room, so a
/// slow one takes less.
///
///     co_await for_each(urls, 100, [&](const std::string& url) -> awaitable<void> { ... });
///
/// Lifetime: an lvalue range is referred to, an rvalue moved in; `function` lives until all calls have ended. Items are
/// passed by reference if they live in the range.
/// Threads: function is called on several threads at once when there are several contexts. The range is read under a
/// lock. Cancellation: is passed to all calls. Throws: the first failure, after the other calls have been cancelled and
/// have ended; invalid_argument for a limit of 0.
template <class Range, class F>
awaitable<void> for_each(Range&& range, std::size_t limit, F function) {
  return detail::for_each<Range>(std::forward<Range>(range), limit, std::move(function));
}

/// As for_each, and gives back what became of each item, in the order of the range. A failed item is its exception and
/// does not stop the others.
template <class Range, class F>
auto collect(Range&& range, std::size_t limit, F function)
    -> awaitable<std::vector<result<detail::item_result_t<Range, F>>>> {
  using R = detail::item_result_t<Range, F>;
  return detail::collect<R, Range>(std::forward<Range>(range), limit, std::move(function));
}

}  // namespace braid
