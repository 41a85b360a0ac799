#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>

#include "tls_session.hpp"
#include "tls_transport.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

[[noreturn]] void fail(const std::string& whom, const boost::system::error_code& error, const std::string& reason) {
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  throw tls_error("TLS with " + whom + ": " + reason);
}

/// `whom` is what messages call the peer.
asio::awaitable<std::unique_ptr<transport>> shake_hands(std::unique_ptr<transport> below,
                                                        std::unique_ptr<tls_session> session, std::string whom) {
  io_wait io;
  for (;;) {
    const tls_session::step step = session->handshake();
    // Also what a failure has to say: the alert tells the peer why.
    std::vector<char> output = std::move(session->output());
    session->output().clear();
    if (!output.empty()) {
      const asio::const_buffer bytes = asio::buffer(output);
      co_await io.write(*below, std::span(&bytes, 1));
      if (io.result.error && step != tls_session::step::failed) {
        fail(whom, io.result.error, "sending: " + io.result.error.message());
      }
    }
    if (step == tls_session::step::done) break;
    if (step != tls_session::step::want_input) fail(whom, session->error(), session->reason());
    const std::span<char> room = session->input();
    co_await io.read_some(*below, asio::buffer(room.data(), room.size()));
    session->take_input(io.result.size);
    if (io.result.error == asio::error::eof) {
      session->input_ended();
    } else if (io.result.error) {
      fail(whom, io.result.error, "handshake: " + io.result.error.message());
    }
  }
  co_return std::make_unique<tls_transport>(std::move(below), std::move(session));
}

}  // namespace

asio::awaitable<std::unique_ptr<transport>> tls_connect(std::unique_ptr<transport> below, std::string server_name,
                                                        tls_options options) {
  std::string whom = server_name + " (" + below->peer_description() + ")";
  auto session = std::make_unique<tls_session>(options.shared_settings(), false, server_name);
  return shake_hands(std::move(below), std::move(session), std::move(whom));
}

asio::awaitable<std::unique_ptr<transport>> tls_accept(std::unique_ptr<transport> below, tls_options options) {
  std::string whom = below->peer_description();
  auto session = std::make_unique<tls_session>(options.shared_settings(), true, std::string());
  return shake_hands(std::move(below), std::move(session), std::move(whom));
}

}  // namespace braid::net
