#pragma once

#include <braid/net/tls_options.hpp>
#include <braid/net/transport.hpp>

namespace braid::net {

/// Speaks TLS as a client over any connected stream: a socket, a tunnel through a proxy, memory. `server_name` is what
/// the certificate must be for, a host name or a numeric address.
///
/// The stream that comes back reads and writes with one call of the stream below per record. The end of the stream
/// without the peer's close_notify is not eof but stream_error::truncated. shutdown_send() sends close_notify. A
/// cancelled write leaves the stream fit for nothing but closing.
///
/// Cancellation: gives up the handshake and closes the stream.
/// Throws: tls_error, "TLS with example.org (93.184.216.34:443): certificate verify failed: certificate has expired".
boost::asio::awaitable<std::unique_ptr<transport>> tls_connect(std::unique_ptr<transport> below,
                                                               std::string server_name, tls_options options);

/// The server's side. `options` name a certificate.
boost::asio::awaitable<std::unique_ptr<transport>> tls_accept(std::unique_ptr<transport> below, tls_options options);

/// Failures of a TLS stream, beside OpenSSL's own, which share the category.
enum class stream_error {
  truncated = 1,  ///< the peer's end of the connection closed without saying that the data was complete
};

const boost::system::error_category& tls_category() noexcept;

inline boost::system::error_code make_error_code(stream_error error) noexcept {
  return {static_cast<int>(error), tls_category()};
}

/// True for the end of a stream that may be missing something: a TLS stream without close_notify.
inline bool is_truncation(const boost::system::error_code& error) noexcept {
  return error == make_error_code(stream_error::truncated);
}

}  // namespace braid::net
