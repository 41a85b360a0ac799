#pragma once

#include <braid/core/result.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/task_group.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace braid {

namespace detail {

template <class T>
using value_or_monostate = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
awaitable<void> store(awaitable<T> operation, std::optional<value_or_monostate<T>>& place) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(operation);
    place.emplace();
  } else {
    place.emplace(co_await std::move(operation));
  }
}

template <class T>
awaitable<void> store_result(awaitable<T> operation, std::optional<result<T>>& place) {
  std::exception_ptr failure;
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(operation);
      place.emplace();
    } else {
      place.emplace(co_await std::move(operation));
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(failure);
  place.emplace(std::move(failure));
}

}  // namespace detail

/// Runs all operations at once on this context and gives back what became of each, in their order. A failure does not
/// touch the others. collect() of for_each.hpp limits how many run at once.
///
/// Cancellation: is passed to all; throws operation_aborted when they have ended.
template <class T>
awaitable<std::vector<result<T>>> collect(std::vector<awaitable<T>> operations) {
  std::vector<std::optional<result<T>>> places(operations.size());
  const auto body = [&](task_group& group) -> awaitable<void> {
    for (std::size_t i = 0; i < places.size(); ++i)
      group.spawn(detail::store_result(std::move(operations[i]), places[i]));
    co_return;
  };
  co_await with_task_group(body);
  std::vector<result<T>> results;
  results.reserve(places.size());
  for (auto& place : places) results.push_back(std::move(*place));
  co_return results;
}

/// Runs all operations at once on this context and gives back their values in their order (nothing for void).
///
/// Throws: the first failure, after the others have been cancelled and have ended.
/// Cancellation: is passed to all.
template <class T>
auto all(std::vector<awaitable<T>> operations)
    -> awaitable<std::conditional_t<std::is_void_v<T>, void, std::vector<detail::value_or_monostate<T>>>> {
  std::vector<std::optional<detail::value_or_monostate<T>>> places(operations.size());
  const auto body = [&](task_group& group) -> awaitable<void> {
    for (std::size_t i = 0; i < places.size(); ++i) group.spawn(detail::store(std::move(operations[i]), places[i]));
    co_return;
  };
  co_await with_task_group(body);
  if constexpr (!std::is_void_v<T>) {
    std::vector<T> values;
    values.reserve(places.size());
    for (auto& place : places) values.push_back(std::move(*place));
    co_return values;
  }
}

/// The same for operations of different types: `auto [page, robots] = co_await all(get(a), get(b));`. A void operation
/// gives std::monostate.
template <class... Ts>
awaitable<std::tuple<detail::value_or_monostate<Ts>...>> all(awaitable<Ts>... operations) {
  std::tuple<std::optional<detail::value_or_monostate<Ts>>...> places;
  auto parts = std::tie(operations...);
  const auto body = [&]<std::size_t... I>(task_group & group, std::index_sequence<I...>) {
    (group.spawn(detail::store(std::move(std::get<I>(parts)), std::get<I>(places))), ...);
  };
  const auto spawn_all = [&body](task_group& group) -> awaitable<void> {
    body(group, std::index_sequence_for<Ts...>());
    co_return;
  };
  co_await with_task_group(spawn_all);
  using values = std::tuple<detail::value_or_monostate<Ts>...>;
  co_return std::apply([](auto&... place) { return values(std::move(*place)...); }, places);
}

}  // namespace braid
