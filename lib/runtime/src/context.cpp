#include <boost/asio/io_context.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/detail/context_service.hpp>
#include <braid/runtime/runtime.hpp>

namespace braid {

namespace {

/// Leads from an io_context back to its braid::context.
class context_link : public asio::execution_context::service {
 public:
  using key_type = context_link;
  explicit context_link(asio::execution_context& io) : service(io) {}
  ~context_link() override { ++detail::dead_services; }
  braid::context* owner = nullptr;

 private:
  void shutdown() override {}
};

}  // namespace

context::context(runtime& owner, unsigned index)
    : owner_(&owner), index_(index), io_(std::make_unique<asio::io_context>(1)) {
  detail::service_of<context_link>(*io_).owner = this;
}

context::~context() = default;

asio::any_io_executor context::executor() noexcept { return io_->get_executor(); }

context* context::of(const asio::any_io_executor& executor) {
  return detail::service_of<context_link>(detail::context_of(executor)).owner;
}

runtime* runtime::of(const asio::any_io_executor& executor) {
  context* here = context::of(executor);
  return here ? &here->owner() : nullptr;
}

}  // namespace braid
