#include <braid/http/websocket.hpp>

#include <braid/core/error.hpp>
#include <braid/core/utf8.hpp>

#include "websocket/websocket_state.hpp"

namespace braid::http {

namespace {

constexpr std::size_t reason_bytes = 123;  // a control frame has room for 125, two of them the code's

bool is_utf8(std::string_view text) { return valid_utf8(text) == text.size(); }

/// Codes that may stand in a frame (RFC 6455, 7.4).
bool may_be_sent(std::uint16_t code) {
  const bool reserved = code == 1004 || code == 1005 || code == 1006 || code == 1015;
  return (code >= 1000 && code <= 1014 && !reserved) || (code >= 3000 && code <= 4999);
}

}  // namespace

websocket::websocket() noexcept = default;
websocket::websocket(std::shared_ptr<websocket_state> state) noexcept : state_(std::move(state)) {}
websocket::websocket(websocket&&) noexcept = default;

websocket& websocket::operator=(websocket&& other) noexcept {
  if (state_ && state_ != other.state_) state_->shut();
  state_ = std::move(other.state_);
  return *this;
}

websocket::~websocket() {
  if (state_) state_->shut();
}

websocket_state& websocket::state() const {
  if (!state_) throw invalid_argument("websocket: empty");
  return *state_;
}

asio::awaitable<void> websocket::send(std::string text) {
  if (!is_utf8(text)) throw invalid_argument("websocket: a text that is not UTF-8; send_binary takes any bytes");
  return state().send(std::move(text), true);
}
asio::awaitable<void> websocket::send_binary(std::string bytes) { return state().send(std::move(bytes), false); }
asio::awaitable<std::optional<websocket_message>> websocket::receive() { return state().receive(); }

asio::awaitable<void> websocket::close() { return close(1000, {}); }
asio::awaitable<void> websocket::close(std::uint16_t code, std::string reason) {
  if (!may_be_sent(code)) throw invalid_argument("websocket: the code " + std::to_string(code) + " may not be sent");
  if (reason.size() > reason_bytes || !is_utf8(reason)) {
    throw invalid_argument("websocket: a reason is UTF-8 of at most 123 bytes");
  }
  return state().close(code, std::move(reason));
}

std::optional<websocket_close> websocket::closed() const { return state().closed(); }
const std::string& websocket::protocol() const { return state().protocol(); }
const headers& websocket::fields() const { return state().fields(); }

}  // namespace braid::http
