#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include <braid/http/cache.hpp>
#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <braid/http/response_stream.hpp>
#include <braid/runtime/detail/launch.hpp>

#include "client/client_state.hpp"

namespace braid::http {

/// The way of a request through the client's cache (client_options::cache is not null). The rules decide; this asks
/// them, the store and the origin.
class cached_request {
 public:
  using client_pointer = std::shared_ptr<const client_state>;
  /// Sends a request past the cache.
  template <class Answer>
  using fetch_function = boost::asio::awaitable<Answer> (*)(client_pointer client, request&& what);
  struct ways {
    fetch_function<response> whole;
    fetch_function<response_stream> streamed;
  };

  /// Of a response, or of a response_stream: that one is kept once it has been read to its end.
  template <class Answer>
  static boost::asio::awaitable<Answer> run(client_pointer client, request what, const ways& past);

 private:
  /// A request with what the cache knows of it.
  struct question {
    question() = default;

    client_pointer client;
    const ways* past = nullptr;
    request what;
    headers fields;  // as they will be sent
    cache_control control;
    std::string key;
    response_cache::entry stored;  // that may answer, or is to be validated
  };

  static question ask(client_pointer client, request what, const ways& past);
  template <class Answer>
  static boost::asio::awaitable<Answer> fetch(client_pointer client, request&& what, const ways& past);
  template <class Answer>
  static boost::asio::awaitable<Answer> answer(question about);
  static std::shared_ptr<stored_response> storable(const question& about, const response_head& got, wall_time requested,
                                                   wall_time received);
  static boost::asio::awaitable<void> keep(const question& about, response& got, wall_time requested,
                                           wall_time received);
  static boost::asio::awaitable<void> keep(const question& about, response_stream& got, wall_time requested,
                                           wall_time received);
  static boost::asio::awaitable<void> invalidate(client_pointer client, std::string method, url target,
                                                 const response_head& answer);
  static detail::root_awaitable refresh(question about);
  static response served(const question& about, const stored_response& from, wall_time now);
  static bool narrow(response& out, const request& what);
  template <class Answer>
  static Answer given(response from);
};

}  // namespace braid::http
