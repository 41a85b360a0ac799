#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include <braid/core/error.hpp>
#include <braid/net/resolver.hpp>
#include <braid/runtime/timeout.hpp>

#include "client/exchange.hpp"

// Requests that go over the connection of another origin (RFC 9113, 9.1.1).

namespace braid::http {

bool exchange::may_join_another() const {
  const url& to = request_.url_;
  return pool_->coalesces() && to.is_secure() && !proxy_ && !http1_ && !alone_ && !pool_->is_misdirected(to);
}

/// Instead of connecting: true with a place on a connection, and without the place in the pool that was held.
boost::asio::awaitable<bool> exchange::join_another(const std::optional<duration>& limit) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const url& to = request_.url_;
  std::vector<net::endpoint> addresses;
  try {
    std::string host(to.host_name());
    auto resolving = net::resolver::of(executor).resolve(std::move(host), to.port());
    if (limit) resolving = with_timeout(*limit, std::move(resolving), "connect");
    addresses = co_await std::move(resolving);
  } catch (const resolve_error&) {
    co_return false;  // connecting will fail in its own words
  }
  h2_connection* const other = pool_->join_another(to, addresses);
  if (!other) co_return false;
  take_place(*other);
  if (!other->is_usable()) {
    leave_place();
    co_return false;
  }
  visiting_ = true;
  reused_ = true;
  pool_->attempt_over(*std::exchange(slot_, nullptr), false);
  co_return true;
}

/// The server does not answer for this origin where it was asked, and saw no more of the request than that (RFC 9110,
/// 15.5.20): true when it may be asked again, over a connection of the origin's own.
bool exchange::was_misdirected() {
  if (from_->status() != 421) return false;
  alone_ = true;
  pool_->remember_misdirected(request_.url_);
  return !request_.source_;
}

}  // namespace braid::http
