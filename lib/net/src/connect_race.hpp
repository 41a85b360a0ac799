#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <braid/core/clock.hpp>
#include <braid/net/transport.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace braid::net {

/// One attempt: a stream, or null with `error` set.
using attempt_function = std::function<boost::asio::awaitable<std::unique_ptr<transport>>(
    std::size_t which, boost::system::error_code& error)>;

/// Begins attempts as attempt_plan says, until one succeeds; the others are cancelled and have ended when this returns.
/// Null when none succeeds; `errors` then has the reason of each.
///
/// Cancellation: of all attempts.
boost::asio::awaitable<std::unique_ptr<transport>> race(std::size_t attempts, duration delay,
                                                        const attempt_function& attempt,
                                                        std::vector<boost::system::error_code>& errors);

}  // namespace braid::net
