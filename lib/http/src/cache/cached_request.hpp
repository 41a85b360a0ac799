#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include <braid/http/cache.hpp>
#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <braid/runtime/detail/launch.hpp>

#include "client/client_state.hpp"

namespace braid::http {

/// The way of a request through the client's cache (client_options::cache is not null). The rules decide; this asks
/// them, the store and the origin.
class cached_request {
 public:
  using client_pointer = std::shared_ptr<const client_state>;
  /// Sends a request past the cache.
  using fetch_function = boost::asio::awaitable<response> (*)(client_pointer client, request&& what);

  static boost::asio::awaitable<response> run(client_pointer client, request what, fetch_function fetch);

  /// What a response to a request past the cache means for what is stored (RFC 9111, 4.4).
  static boost::asio::awaitable<void> invalidate(client_pointer client, std::string method, url target,
                                                 const response_head& answer);

 private:
  /// A request with what the cache knows of it.
  struct question {
    question() = default;

    client_pointer client;
    fetch_function fetch = nullptr;
    request what;
    headers fields;  // as they will be sent
    cache_control control;
    std::string key;
    response_cache::entry stored;  // that may answer, or is to be validated
  };

  static question ask(client_pointer client, request what, fetch_function fetch);
  static boost::asio::awaitable<response> answer(question about);
  static boost::asio::awaitable<void> keep(const question& about, const response& got, wall_time requested,
                                           wall_time received);
  static detail::root_awaitable refresh(question about);
  static response served(const question& about, const stored_response& from, wall_time now);
  static bool narrow(response& out, const request& what);
};

}  // namespace braid::http
