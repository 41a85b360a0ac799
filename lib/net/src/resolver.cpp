#include <algorithm>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/net/resolver.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "dns_query.hpp"
#include "resolver_cache.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

/// Keeps a resolver with its context.
class resolver_service : public asio::execution_context::service {
 public:
  using key_type = resolver_service;

  explicit resolver_service(asio::execution_context& context)
      : asio::execution_context::service(context), one(std::make_shared<resolver::impl>()) {}

  resolver one;

 private:
  void shutdown() override {}
};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

resolver::resolver(std::shared_ptr<impl> shared) : impl_(std::move(shared)) {}
resolver::~resolver() = default;

resolver& resolver::of(asio::execution_context& context) { return asio::use_service<resolver_service>(context).one; }

resolver& resolver::of(const asio::any_io_executor& executor) {
  return of(asio::query(executor, asio::execution::context));
}

asio::awaitable<std::vector<endpoint>> resolver::resolve(std::string host, std::uint16_t port) {
  std::vector<endpoint> out;
  if (const std::optional<endpoint> numeric = endpoint::parse(host, port)) {
    out.push_back(*numeric);
    co_return out;
  }
  const std::shared_ptr<impl> cache = impl_;  // the context may go while we wait
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  timer_queue& time = timer_queue::of(executor);
  const std::string key = lower(host);
  const std::shared_ptr<impl::entry> name = cache->find(key, time.now(), executor);
  std::optional<lookup_answer> answer = cache->answer_of(*name, time.now());
  if (!answer) {
    impl::asker asker(*cache, name, key);
    co_await asker.answered.wait();
    answer = cache->answer_of(*name, time.now());
  }
  if (!answer->failure.empty()) throw resolve_error("resolve " + host + ": " + answer->failure);
  out = std::move(answer->addresses);
  for (endpoint& address : out) address.set_port(port);
  co_return out;
}

void resolver::configure(resolver_options options) {
  options.max_ttl = std::max(options.min_ttl, options.max_ttl);
  impl_->configure(options);
}
void resolver::use_lookup(lookup_function lookup) { impl_->use_lookup(std::move(lookup)); }
void resolver::use_dns(dns_options options) {
  check_dns_options(options);
  impl_->use_dns(std::move(options));
}
bool resolver::has_dns() noexcept { return dns_is_built_in; }
std::size_t resolver::size() const noexcept { return impl_->size(); }

}  // namespace braid::net
