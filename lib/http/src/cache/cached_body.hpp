#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include <braid/http/cache.hpp>

namespace braid::http {

/// What the body of a stream has to do with a cache: it comes from there, or a copy of it goes there when it has been
/// read to its end.
class cached_body {
 public:
  explicit cached_body(std::string stored) : stored_(std::move(stored)) {}
  /// `head` gets the body and is put into `to`, unless that makes it larger than is kept there.
  cached_body(std::shared_ptr<response_cache> to, std::shared_ptr<stored_response> head)
      : to_(std::move(to)), copy_(std::move(head)) {}

  /// What was stored, in one piece; then nothing.
  std::string_view next() {
    if (given_) stored_.clear();
    given_ = true;
    return stored_;
  }

  /// What was read; empty at the end.
  boost::asio::awaitable<void> take(std::string_view piece);
  /// There will be no end.
  void give_up() noexcept { copy_.reset(); }

 private:
  std::string stored_;
  bool given_ = false;
  std::shared_ptr<response_cache> to_;
  std::shared_ptr<stored_response> copy_;
};

}  // namespace braid::http
