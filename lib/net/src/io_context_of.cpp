#include "io_context_of.hpp"

#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>
#include <braid/core/error.hpp>

namespace braid::net {

namespace asio = boost::asio;

namespace {

using plain_executor = asio::io_context::executor_type;
using tracked_executor =
    std::decay_t<decltype(asio::require(std::declval<plain_executor>(), asio::execution::outstanding_work.tracked))>;

asio::io_context* find(const asio::any_io_executor& executor) {
  if (const auto* plain = executor.target<plain_executor>()) return &plain->context();
  if (const auto* tracked = executor.target<tracked_executor>()) return &tracked->context();
  if (const auto* strand = executor.target<asio::strand<plain_executor>>())
    return &strand->get_inner_executor().context();
  if (const auto* strand = executor.target<asio::strand<asio::any_io_executor>>())
    return find(strand->get_inner_executor());
  return nullptr;
}

}  // namespace

asio::io_context& io_context_of(const asio::any_io_executor& executor) {
  if (asio::io_context* found = find(executor)) return *found;
  throw invalid_argument("this coroutine does not run on an io_context or on a strand over one: no sockets here");
}

}  // namespace braid::net
