#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

namespace braid::http {

/// Runs `what()` as a coroutine on another context and waits for its end here.
///
/// Cancellation: is passed on; returns when the other side has ended. Throws: what it threw.
boost::asio::awaitable<void> run_on(boost::asio::any_io_executor where,
                                    std::function<boost::asio::awaitable<void>()> what);

}  // namespace braid::http
