#include "cache/cached_body.hpp"

namespace braid::http {

boost::asio::awaitable<void> cached_body::take(std::string_view piece) {
  if (!copy_) co_return;
  if (piece.empty()) {
    auto putting = to_->put(std::move(copy_));
    co_await std::move(putting);
  } else if (copy_->bytes() + piece.size() > to_->entry_bytes()) {
    give_up();
  } else {
    copy_->body += piece;
  }
}

}  // namespace braid::http
