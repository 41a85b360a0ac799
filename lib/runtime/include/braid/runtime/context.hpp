#pragma once

#include <braid/runtime/awaitable.hpp>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace braid {

class runtime;

/// One io_context, the one thread that runs it and, if asked for, the core that thread stays on. Within a context
/// nothing needs a lock.
///
/// Threads: executor() and index() anywhere; everything that runs on io() from its own thread, or by asio::post.
class context {
 public:
  context(runtime& owner, unsigned index);
  context(const context&) = delete;
  context& operator=(const context&) = delete;
  ~context();

  asio::io_context& io() noexcept { return *io_; }
  asio::any_io_executor executor() noexcept;
  unsigned index() const noexcept { return index_; }
  runtime& owner() noexcept { return *owner_; }

  /// The context behind an executor; null if that is an io_context of the user's own.
  static context* of(const asio::any_io_executor& executor);

 private:
  runtime* owner_;
  unsigned index_;
  std::unique_ptr<asio::io_context> io_;
};

}  // namespace braid
