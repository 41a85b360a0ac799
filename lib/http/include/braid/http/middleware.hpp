#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include <braid/http/request.hpp>
#include <braid/http/response.hpp>

namespace braid::http {

/// The rest of the chain: the next middleware, and behind the last one the client itself. May be called any number of
/// times, also not at all.
using next_handler = std::function<boost::asio::awaitable<response>(request)>;

/// An ordinary coroutine around each request of a client: it may change the request, answer without the network, ask
/// again, look at the response, throw.
///
///     auto stamp = [](http::request what, http::next_handler next) -> awaitable<http::response> {
///       what.header("X-Request-Id", new_id());
///       co_return co_await next(std::move(what));
///     };
///     options.middleware.push_back(stamp);
///
/// Threads: called on the context of the request; a client that several contexts use calls it on several threads.
/// Lifetime: kept by the client, and called through it: it may keep state of its own in what it captures.
using middleware_function = std::function<boost::asio::awaitable<response>(request, next_handler)>;

}  // namespace braid::http
