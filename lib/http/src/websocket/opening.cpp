#include <algorithm>

#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>

#include "websocket/masks.hpp"
#include "websocket/websocket_state.hpp"

// The opening handshake, and failures in words.

namespace braid::http {

namespace {

namespace beast_ws = boost::beast::websocket;

bool is_ours(std::string_view name) {
  for (const std::string_view taken : {"Host", "Accept", "Accept-Encoding", "Connection", "Upgrade"}) {
    if (equal_ignoring_case(name, taken)) return true;
  }
  return false;
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : ", ") + one;
  return out;
}

}  // namespace

asio::awaitable<void> websocket_state::open(std::string target, headers opening, std::optional<duration> limit) {
  const std::shared_ptr<websocket_state> keep = shared_from_this();
  stream_.set_option(beast_ws::stream_base::decorator([this, opening](beast_ws::request_type& out) {
    for (const headers::field one : opening) {
      if (!is_ours(one.name)) out.insert(std::string(one.name), std::string(one.value));
    }
    if (!options_.protocols.empty()) out.set("Sec-WebSocket-Protocol", joined(options_.protocols));
  }));
  const std::string host(opening.get("Host").value_or(""));
  if (limit) open_until_ = timers_.now() + *limit;
  schedule();
  const auto answer = std::make_shared<beast_answer>();
  masks_taken(4);  // the key is made of them
  stream_.async_handshake(*answer, host, target, [self = keep, answer](error_code error) {
    self->open_result_ = error;
    self->opened_.wake();
  });
  const auto on_cancel = [](void* self, asio::cancellation_type_t type) {
    if (type != asio::cancellation_type::none) static_cast<websocket_state*>(self)->shut();
  };
  while (!open_result_) co_await opened_.wait_and_tell(on_cancel, this);
  open_until_.reset();
  if (shut_) throw boost::system::system_error(asio::error::operation_aborted);
  check_answer(*open_result_, *answer);
}

/// Beast has looked at the status, Upgrade, Connection and Sec-WebSocket-Accept; what was chosen has to have been
/// offered as well (RFC 6455, 4.1).
void websocket_state::check_answer(const error_code& error, const beast_answer& answer) {
  if (error == beast_ws::error::upgrade_declined) {
    const int status = static_cast<int>(answer.result_int());
    const std::string reason(answer.reason().data(), answer.reason().size());
    std::string message = address_ + ": " + std::to_string(status) + " " + reason + " instead of a WebSocket";
    const auto to = answer.find("Location");
    if (status / 100 == 3 && to != answer.end()) {
      message += ", a redirect to " + std::string(to->value().data(), to->value().size()) + ", which is not followed";
    }
    throw status_error(status, message);
  }
  if (error) fail(error, "opening");
  for (const auto& field : answer) {
    answered_.add_checked({field.name_string().data(), field.name_string().size()},
                          {field.value().data(), field.value().size()});
  }
  protocol_ = answered_.get("Sec-WebSocket-Protocol").value_or("");
  const std::vector<std::string>& offered = options_.protocols;
  if (!protocol_.empty() && std::find(offered.begin(), offered.end(), protocol_) == offered.end()) {
    throw protocol_error(address_ + ": the server chose the protocol \"" + protocol_ + "\", which was not offered");
  }
  if (!options_.compress && answered_.has("Sec-WebSocket-Extensions")) {
    throw protocol_error(address_ + ": the server uses an extension, and none was offered");
  }
}

void websocket_state::fail(const error_code& error, std::string_view doing) const {
  const std::string begin = address_ + ": " + std::string(doing) + ": ";
  switch (late_) {
    case late::handshake:
      throw timeout_error(begin + "no answer in time", "first byte");
    case late::idle:
      throw timeout_error(begin + "no message in time", "idle");
    case late::ping:
      throw timeout_error(begin + "no sign of life", "ping");
    case late::send:
      throw timeout_error(begin + "no byte moved in time", "send");
    case late::no:
      break;
  }
  if (!flood_.empty()) throw limit_error(begin + flood_);
  if (error == beast_ws::error::message_too_big || error == beast_ws::error::buffer_overflow) {
    throw limit_error(begin + "a message over the limit of " + std::to_string(options_.message_bytes) + " bytes");
  }
  if (error == beast_ws::error::closed || error == asio::error::eof || error == asio::error::operation_aborted) {
    throw connection_lost(begin + "the connection is closed");
  }
  if (net::is_truncation(error)) throw connection_lost(begin + "connection lost (TLS ended without a farewell)");
  const bool cut_off =
      error == boost::beast::http::error::end_of_stream || error == boost::beast::http::error::partial_message;
  if (cut_off) throw connection_lost(begin + "connection lost before the answer");
  const std::string_view category = error.category().name();
  if (category.find("beast") != category.npos) throw protocol_error(begin + error.message());
  throw connection_lost(begin + "connection lost (" + error.message() + ")");
}

}  // namespace braid::http
