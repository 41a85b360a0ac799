#pragma once

#include <array>
#include <atomic>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <cstddef>
#include <cstdint>

namespace braid {
namespace asio = boost::asio;
}

namespace braid::detail {

/// Counts the services that have died, so that no thread keeps a stale pointer to one (a new context may get the
/// address of an old one).
inline std::atomic<unsigned> dead_services{0};

/// Finds the service of type Service in `context`, creating it at first use.
///
/// Asio's own look-up takes a lock and walks a list; what every wait needs must be cheaper, so each thread remembers
/// the answers for a few contexts. Service must increment dead_services in its destructor.
template <class Service>
Service& service_of(asio::execution_context& context) {
  struct memory {
    asio::execution_context* context;
    Service* service;
    unsigned generation;
  };
  constexpr std::size_t most = 8;
  static thread_local std::array<memory, most> memories{};
  memory& last = memories[(reinterpret_cast<std::uintptr_t>(&context) >> 5) % most];
  const unsigned generation = dead_services.load(std::memory_order_acquire);
  if (last.context != &context || last.generation != generation) [[unlikely]] {
    last.service = &asio::use_service<Service>(context);
    last.context = &context;
    last.generation = generation;
  }
  return *last.service;
}

/// The execution context behind any executor of Asio.
template <class Executor>
asio::execution_context& context_of(const Executor& executor) {
  return asio::query(executor, asio::execution::context);
}

}  // namespace braid::detail
