#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace braid::detail {

/// Makes an operation that has just been started on `io` not count as work, so that it does not keep run() from
/// returning once everything else is done. Its handler must call count_again() first.
inline void do_not_count(boost::asio::io_context& io) {
  const auto executor = io.get_executor();
  if (executor.running_in_this_thread()) {
    executor.on_work_finished();
  } else {
    // Outside run() the count may be zero, and dropping below it would stop the context before it has begun.
    boost::asio::post(executor, [executor] { executor.on_work_finished(); });
  }
}

inline void count_again(boost::asio::io_context& io) { io.get_executor().on_work_started(); }

}  // namespace braid::detail
