#include <braid/http/client.hpp>

#include <boost/asio/this_coro.hpp>
#include <exception>

#include <braid/core/error.hpp>
#include <braid/http/hsts.hpp>
#include <braid/runtime/sleep.hpp>

#include "cache/cached_request.hpp"
#include "client/exchange.hpp"
#include "websocket/connect.hpp"

namespace braid::http {

namespace asio = boost::asio;

using state_pointer = std::shared_ptr<const client_state>;

/// What the client's functions stand on; a friend of what they return.
class conversation {
 public:
  // The exchange is apart from the coroutine's frame: Asio keeps no frame over 1,020 bytes for the next coroutine.
  static asio::awaitable<response> buffered(state_pointer state, request&& what) {
    if (state->options.events) return observed(std::make_unique<exchange>(std::move(state), std::move(what)));
    return answered(std::make_unique<exchange>(std::move(state), std::move(what)));
  }

  /// As answered(), and tells of failures.
  static asio::awaitable<response> observed(std::unique_ptr<exchange> one) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    one->start(executor);
    response out;
    std::exception_ptr failure;
    try {
      co_await one->begin();
      one->take_head(out);
      co_await one->read_body(out.body_);
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) fail(*one, failure);
    one->finish(out);
    co_return out;
  }

  static asio::awaitable<response> answered(std::unique_ptr<exchange> one) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    one->start(executor);
    co_await one->begin();
    if (one->is_complete()) co_return complete(*one);
    // Not in this frame, which requests that wait for an answer hold.
    const std::unique_ptr<response> out = std::make_unique<response>();
    one->take_head(*out);
    co_await one->read_body(out->body_);
    one->finish(*out);
    co_return std::move(*out);
  }

  static response complete(exchange& one) {
    response out;
    one.take_head(out);
    one.take_received(out.body_);
    one.finish(out);
    return out;
  }

  static asio::awaitable<response_stream> streamed(state_pointer state, request&& what) {
    response_stream out;
    out.exchange_ = std::make_unique<exchange>(std::move(state), std::move(what));
    return opened(std::move(out));
  }

  static asio::awaitable<response_stream> opened(response_stream out) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    out.exchange_->start(executor);
    out.exchange_->become_stream();
    std::exception_ptr failure;
    try {
      co_await out.exchange_->begin();
      out.exchange_->take_head(out);
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) fail(*out.exchange_, failure);
    co_return out;
  }

  [[noreturn]] static void fail(exchange& one, const std::exception_ptr& failure) {
    if (one.is_observed()) one.tell_failure(failure);
    std::rethrow_exception(failure);
  }

  /// `once`, again and again, as the options for retries say.
  template <class Answer>
  static asio::awaitable<Answer> persistent(state_pointer state, request what,
                                            asio::awaitable<Answer> (*once)(state_pointer, request&&)) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const std::shared_ptr<client_pool> pool = state->pool_of(executor);
    const std::optional<duration> total = what.timeout() ? what.timeout() : state->options.timeouts.total;
    const time_point end = total ? pool->timers().now() + *total : time_point::max();
    attempts tries(*pool->retries(), what, end);
    for (;;) {
      request copy = what;
      if (total) copy.timeout(end - pool->timers().now());
      Answer out;
      std::exception_ptr failure;
      asio::awaitable<Answer> one = once(state, std::move(copy));
      try {
        out = co_await std::move(one);
      } catch (...) {
        failure = std::current_exception();
      }
      const std::optional<duration> wait = tries.wait_after(failure, out, pool->timers().now());
      if (!wait && failure) std::rethrow_exception(failure);
      out.timings_.attempts = tries.made();
      if (!wait) co_return out;
      out = Answer();  // a stream gives its connection back
      co_await sleep_for(*wait);
    }
  }

  /// Past the cache, if there is one.
  static asio::awaitable<response> fetched(state_pointer state, request&& what) {
    if (state->options.retries) return persistent<response>(std::move(state), std::move(what), &buffered);
    return buffered(std::move(state), std::move(what));
  }

  /// Middleware number `index`. Holds the client, whose the middleware is, until that has ended.
  static asio::awaitable<response> linked(state_pointer state, std::size_t index, request what) {
    next_handler next = [state, index](request changed) { return through(state, index + 1, std::move(changed)); };
    asio::awaitable<response> rest = state->options.middleware[index](std::move(what), std::move(next));
    response out = co_await std::move(rest);
    co_return out;
  }

  /// Before the cache is asked, which might hold what came without TLS.
  static void secure(const client_state& state, request& what) {
    what.url_ = state.options.hsts->secured(what.url_, state.wall_now());
  }

  /// From middleware number `index` on.
  static asio::awaitable<response> through(state_pointer state, std::size_t index, request&& what) {
    if (index < state->options.middleware.size()) return linked(std::move(state), index, std::move(what));
    if (state->options.hsts) secure(*state, what);
    if (state->options.cache) return cached_request::run<response>(std::move(state), std::move(what), past_cache);
    return fetched(std::move(state), std::move(what));
  }

  static asio::awaitable<response> simple(state_pointer state, std::string_view method, std::string_view address) {
    request what(method, address);
    return through(std::move(state), 0, std::move(what));
  }

  static asio::awaitable<response> with_body(state_pointer state, std::string_view method, std::string_view address,
                                             std::string body, std::string type) {
    request what(method, address);
    what.body(std::move(body), type);
    return through(std::move(state), 0, std::move(what));
  }

  static asio::awaitable<response_stream> fetched_stream(state_pointer state, request&& what) {
    if (state->options.retries) return persistent<response_stream>(std::move(state), std::move(what), &streamed);
    return streamed(std::move(state), std::move(what));
  }

  static asio::awaitable<response_stream> opened_through(state_pointer state, request&& what) {
    if (state->options.hsts) secure(*state, what);
    if (state->options.cache)
      return cached_request::run<response_stream>(std::move(state), std::move(what), past_cache);
    return fetched_stream(std::move(state), std::move(what));
  }

  static constexpr cached_request::ways past_cache{&fetched, &fetched_stream};
};

client::client() : client(client_options()) {}
client::client(client_options options) : state_(std::make_shared<client_state>(std::move(options))) {}

asio::awaitable<response> client::get(std::string_view url) const { return conversation::simple(state_, "GET", url); }
asio::awaitable<response> client::head(std::string_view url) const { return conversation::simple(state_, "HEAD", url); }
asio::awaitable<response> client::del(std::string_view url) const {
  return conversation::simple(state_, "DELETE", url);
}

asio::awaitable<response> client::post(std::string_view url, std::string body, std::string type) const {
  return conversation::with_body(state_, "POST", url, std::move(body), std::move(type));
}
asio::awaitable<response> client::put(std::string_view url, std::string body, std::string type) const {
  return conversation::with_body(state_, "PUT", url, std::move(body), std::move(type));
}
asio::awaitable<response> client::patch(std::string_view url, std::string body, std::string type) const {
  return conversation::with_body(state_, "PATCH", url, std::move(body), std::move(type));
}

asio::awaitable<response> client::send(request what) const { return conversation::through(state_, 0, std::move(what)); }

asio::awaitable<response_stream> client::stream(request what) const {
  return conversation::opened_through(state_, std::move(what));
}

asio::awaitable<void> client::close() const {
  const state_pointer state = state_;  // the client itself may go while we wait
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const std::shared_ptr<client_pool> pool = state->pool_of(executor);
  co_await pool->drain();
}

asio::awaitable<http::websocket> client::websocket(std::string url) const { return websocket(std::move(url), {}); }
asio::awaitable<http::websocket> client::websocket(std::string url, websocket_options options) const {
  return connect_websocket(state_, std::move(url), std::move(options));
}

const client_options& client::options() const noexcept { return state_->options; }

std::string client::pool_state(const asio::any_io_executor& executor) const {
  return state_->pool_of(executor)->book().str();
}

}  // namespace braid::http
