#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

namespace braid::net {

/// The io_context behind an executor: its own, or a strand over it.
/// Throws: invalid_argument for executors of anything else, such as a thread_pool.
boost::asio::io_context& io_context_of(const boost::asio::any_io_executor& executor);

/// True when what `executor` runs may as well run in any handler of `context`: it is the io_context's executor itself.
inline bool is_plain(const boost::asio::any_io_executor& executor) noexcept {
  return executor.target<boost::asio::io_context::executor_type>() != nullptr;
}

}  // namespace braid::net
