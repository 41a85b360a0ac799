#include "client/client_state.hpp"

#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <unordered_map>

#include <braid/runtime/detail/context_service.hpp>

#include "client/pool.hpp"

namespace braid::http {

namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

/// With what ALPN offers, unless the options say that themselves.
client_options with_protocols(client_options options) {
  if (!options.tls.alpn().empty()) return options;
  switch (options.http_version) {
    case protocol_choice::automatic:
    case protocol_choice::http2_upgrade:
      options.tls.alpn({"h2", "http/1.1"});
      break;
    case protocol_choice::http1:
      options.tls.alpn({"http/1.1"});
      break;
    case protocol_choice::http2:
    case protocol_choice::http2_prior_knowledge:
      options.tls.alpn({"h2"});
      break;
  }
  return options;
}

}  // namespace

/// The pools of one context, by client.
class pool_service : public asio::execution_context::service {
 public:
  using key_type = pool_service;

  /// Outlives the service, so that a client can find out whether that is still there.
  struct link {
    std::mutex mutex;
    pool_service* service = nullptr;
  };

  explicit pool_service(asio::execution_context& context)
      : service(context), timers_(timer_queue::of(context)), link_(std::make_shared<link>()) {
    link_->service = this;
  }
  ~pool_service() override { braid::detail::dead_services.fetch_add(1, std::memory_order_release); }

  std::shared_ptr<client_pool> pool_of(std::uint64_t id, const client_options& options,
                                       const asio::any_io_executor& executor, bool& made) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<client_pool>& pool = pools_[id];
    made = !pool;
    if (made) pool = std::make_shared<client_pool>(options, executor);
    return pool;
  }
  void forget(std::uint64_t id) {
    std::shared_ptr<client_pool> pool;
    const std::lock_guard lock(mutex_);
    const auto at = pools_.find(id);
    if (at == pools_.end()) return;
    pool = std::move(at->second);
    pools_.erase(at);
    pool->close();
  }
  const std::shared_ptr<link>& own_link() const noexcept { return link_; }

 private:
  void shutdown() override {
    {
      const std::lock_guard lock(link_->mutex);
      link_->service = nullptr;
    }
    // Frames that are still suspended share their pool and find it closed.
    for (auto& [id, pool] : pools_) pool->abandon();
    pools_.clear();
  }

  timer_queue& timers_;  // made before this service, so that it is shut down after it
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<client_pool>> pools_;
  std::shared_ptr<link> link_;
};

struct client_state::home {
  std::shared_ptr<pool_service::link> link;
  boost::asio::any_io_executor executor;
};

client_state::client_state(client_options with)
    : options(with_protocols(std::move(with))),
      http1_tls(net::tls_options(options.tls).alpn({"http/1.1"})),
      encoder(options),
      id_(next_id()) {}

client_state::~client_state() {
  // A pool is closed in its own thread. The lock keeps its context from going while that is arranged.
  for (const home& one : homes_) {
    const std::lock_guard lock(one.link->mutex);
    if (!one.link->service) continue;
    boost::asio::dispatch(one.executor, [service = one.link->service, id = id_] { service->forget(id); });
  }
}

std::shared_ptr<client_pool> client_state::pool_of(const boost::asio::any_io_executor& executor) const {
  // Asio's look-up of a service takes a lock, ours of the pool another: each thread remembers the last answer.
  struct memory {
    const asio::execution_context* context = nullptr;
    std::uint64_t id = 0;
    unsigned generation = 0;
    std::weak_ptr<client_pool> pool;
  };
  static thread_local memory last;
  asio::execution_context& context = braid::detail::context_of(executor);
  const unsigned generation = braid::detail::dead_services.load(std::memory_order_acquire);
  if (last.context == &context && last.id == id_ && last.generation == generation) {
    if (auto pool = last.pool.lock()) return pool;
  }
  auto& service = asio::use_service<pool_service>(context);
  bool made = false;
  std::shared_ptr<client_pool> pool = service.pool_of(id_, options, executor, made);
  if (made) {
    const std::lock_guard lock(mutex_);
    homes_.push_back({service.own_link(), executor});
  }
  last.context = &context;
  last.id = id_;
  last.generation = generation;
  last.pool = pool;
  return pool;
}

}  // namespace braid::http
