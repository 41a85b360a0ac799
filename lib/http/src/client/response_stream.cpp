#include <braid/http/response_stream.hpp>

#include <exception>

#include <braid/core/error.hpp>

#include "cache/cached_body.hpp"
#include "client/exchange.hpp"

namespace braid::http {

namespace asio = boost::asio;

namespace {

asio::awaitable<std::string_view> stored_piece(cached_body& from) { co_return from.next(); }

/// For a client that is observed.
asio::awaitable<std::string_view> observed_piece(exchange& from) {
  std::string_view piece;
  std::exception_ptr failure;
  try {
    piece = co_await from.read_some();
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    from.tell_failure(failure);
    std::rethrow_exception(failure);
  }
  co_return piece;
}

asio::awaitable<std::string_view> next_piece(exchange& from) {
  return from.is_observed() ? observed_piece(from) : from.read_some();
}

/// Of a body that is to be kept.
asio::awaitable<std::string_view> copied_piece(exchange& from, cached_body& to) {
  std::string_view piece;
  try {
    auto reading = next_piece(from);
    piece = co_await std::move(reading);
  } catch (...) {
    to.give_up();
    throw;
  }
  auto keeping = to.take(piece);
  co_await std::move(keeping);
  co_return piece;
}

}  // namespace

response_stream::response_stream() noexcept = default;
response_stream::response_stream(response_stream&&) noexcept = default;
response_stream& response_stream::operator=(response_stream&&) noexcept = default;
response_stream::~response_stream() = default;

asio::awaitable<std::string_view> response_stream::read_some() {
  if (cached_) return exchange_ ? copied_piece(*exchange_, *cached_) : stored_piece(*cached_);
  if (!exchange_) throw invalid_argument("response_stream: empty");
  return next_piece(*exchange_);
}

const headers& response_stream::trailers() const noexcept {
  return exchange_ && exchange_->trailers() ? *exchange_->trailers() : response_head::trailers();
}

asio::awaitable<std::string> response_stream::read_all(std::uint64_t limit) {
  std::string out;
  for (;;) {
    const std::string_view piece = co_await read_some();
    if (piece.empty()) break;
    if (out.size() + piece.size() > limit) {
      const std::string what = method_ + " " + std::string(url().without_secrets().str());
      throw limit_error(what + ": the body is over the limit of " + std::to_string(limit) + " bytes");
    }
    out += piece;
  }
  co_return out;
}

const response_stream& response_stream::raise_for_status() const {
  throw_for_status();
  return *this;
}

}  // namespace braid::http
