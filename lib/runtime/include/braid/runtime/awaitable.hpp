#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace braid {

namespace asio = boost::asio;

/// What every asynchronous function of braid returns: Asio's own coroutine type, so that any Asio object works inside.
template <class T>
using awaitable = asio::awaitable<T>;

}  // namespace braid
