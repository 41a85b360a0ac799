#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <thread>

#include <braid/http/cookies.hpp>
#include <braid/net/listener.hpp>
#include <braid/net/tls.hpp>

#include "local_server.hpp"
#include "websocket/transport_stream.hpp"

// WebSockets with Beast's server, over sockets, TLS and a proxy's tunnel.

using namespace client_tests;

namespace {

namespace beast_ws = boost::beast::websocket;

/// Sends back what it is sent, to one client.
class echo_server {
 public:
  enum class tunnel : std::uint8_t { none, open, for_digest };

  explicit echo_server(bool tls, tunnel way = tunnel::none) {
    std::atomic<bool> listening = false;
    thread_ = std::thread([this, &listening, tls, way] {
      net::listener at(io_.get_executor(), *net::endpoint::parse("127.0.0.1", 0));
      port_ = at.local_endpoint().port();
      listening = true;
      boost::asio::co_spawn(io_, serve(at, tls, way), boost::asio::detached);
      io_.run();
    });
    while (!listening) std::this_thread::yield();
  }
  ~echo_server() {
    io_.stop();
    thread_.join();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string cookies() const { return cookies_; }
  /// The CONNECT that was granted.
  std::string proxied() const { return proxied_; }

 private:
  static awaitable<std::string> read_connect(net::transport& from) {
    std::string head(1024, '\0');
    const net::io_result got = co_await from.read_some(boost::asio::buffer(head));
    REQUIRE(head.starts_with("CONNECT localhost:443 HTTP/1.1\r\n"));
    head.resize(got.size);
    co_return head;
  }

  awaitable<void> serve(net::listener& at, bool tls, tunnel way) {
    auto stream = co_await at.accept();
    if (way == tunnel::for_digest) {
      const std::string_view challenge =
          "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: "
          "0\r\n\r\n";
      co_await read_connect(*stream);
      co_await stream->write(boost::asio::buffer(challenge));
    }
    if (way != tunnel::none) {
      proxied_ = co_await read_connect(*stream);
      const std::string_view yes = "HTTP/1.1 200 OK\r\n\r\n";
      co_await stream->write(boost::asio::buffer(yes));
    }
    if (tls) {
      net::tls_options how = *with_certificate("good").tls;
      auto accepting = net::tls_accept(std::move(stream), how);
      stream = co_await std::move(accepting);
    }
    beast_ws::stream<http::transport_stream> socket(std::move(stream), io_.get_executor());
    beast_ws::permessage_deflate deflate;
    deflate.server_enable = true;
    socket.set_option(deflate);
    boost::beast::flat_buffer first;
    boost::beast::http::request<boost::beast::http::empty_body> opening;
    co_await boost::beast::http::async_read(socket.next_layer(), first, opening, boost::asio::use_awaitable);
    cookies_ = std::string(opening["Cookie"]);
    const auto greeting = [](beast_ws::response_type& out) { out.set("Set-Cookie", "met=yes"); };
    socket.set_option(beast_ws::stream_base::decorator(greeting));
    co_await socket.async_accept(opening, boost::asio::use_awaitable);
    for (;;) {
      boost::beast::flat_buffer message;
      boost::system::error_code failure;
      co_await socket.async_read(message, boost::asio::redirect_error(boost::asio::use_awaitable, failure));
      if (failure) co_return;
      socket.text(socket.got_text());
      co_await socket.async_write(message.data(), boost::asio::use_awaitable);
    }
  }

  boost::asio::io_context io_{1};
  std::thread thread_;
  std::uint16_t port_ = 0;
  std::string proxied_;
  std::string cookies_;
};

/// Messages of all kinds of sizes there and back, and a goodbye.
awaitable<void> talk(http::websocket& socket) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u, 1'000'000u}) {
    INFO(size);
    std::string sent(size, 'x');
    for (std::size_t i = 0; i < size; ++i) sent[i] = static_cast<char>('a' + i * 7 % 26);
    co_await socket.send(sent);
    std::optional<http::websocket_message> got = co_await socket.receive();
    REQUIRE(got);
    CHECK(got->text);
    CHECK((got->data == sent));
  }
  const std::string bytes("\x00\xff\x80", 3);
  co_await socket.send_binary(bytes);
  std::optional<http::websocket_message> got = co_await socket.receive();
  REQUIRE(got);
  CHECK_FALSE(got->text);
  CHECK(got->data == bytes);
  co_await socket.close();
}

}  // namespace

TEST_CASE("a WebSocket carries messages to Beast's server and back, with the client's cookies") {
  echo_server server(false);
  runtime one;
  http::client_options how;
  how.cookies = std::make_shared<http::cookie_jar>();
  const url here = url::parse("http://" + server.address() + "/");
  const wall_time now = std::chrono::system_clock::now();
  how.cookies->store(here, "seen=no", now);
  one.run([&]() -> awaitable<void> {
    http::client client(how);
    http::websocket socket = co_await client.websocket("ws://" + server.address() + "/echo");
    co_await talk(socket);
  });
  CHECK(server.cookies() == "seen=no");
  CHECK(how.cookies->header_for(here, now) == "seen=no; met=yes");
}

TEST_CASE("a WebSocket runs over TLS that is verified, and compressed where both sides want that") {
  for (const bool compressed : {false, true}) {
    echo_server server(true);
    runtime one;
    one.run([&]() -> awaitable<void> {
      http::client client(trusting());
      http::websocket_options options;
      options.compress = compressed;
      http::websocket socket = co_await client.websocket("wss://" + server.address() + "/echo", options);
      CHECK(socket.fields().has("Sec-WebSocket-Extensions") == compressed);
      co_await talk(socket);
    });
  }
  echo_server server(true);
  runtime one;
  const bool refused = one.run([&]() -> awaitable<bool> {
    http::client client;
    try {
      http::websocket socket = co_await client.websocket("wss://" + server.address() + "/");
    } catch (const tls_error&) {
      co_return true;
    }
    co_return false;
  });
  CHECK(refused);
}

TEST_CASE("a WebSocket goes through a proxy's tunnel") {
  echo_server server(true, echo_server::tunnel::open);
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client_options how = trusting();
    how.proxy = net::proxy_settings(net::proxy::parse("http://" + server.address()));
    http::client client(how);
    http::websocket socket = co_await client.websocket("wss://localhost/");
    co_await talk(socket);
  });
}

TEST_CASE("a WebSocket goes through the tunnel of a proxy that asks for a digest") {
  echo_server server(true, echo_server::tunnel::for_digest);
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client_options how = trusting();
    net::proxy with = net::proxy::parse("http://us3r:s3cret@" + server.address());
    with.scheme(net::proxy_scheme::digest);
    how.proxy = net::proxy_settings(with);
    http::client client(how);
    http::websocket socket = co_await client.websocket("wss://localhost/");
    co_await talk(socket);
  });
  CHECK(has(server.proxied(), "Proxy-Authorization: Digest username=\"us3r\", realm=\"r\", nonce=\"n\""));
  CHECK_FALSE(has(server.proxied(), "s3cret"));
}

TEST_CASE("what decompresses to more than the limit fails the WebSocket") {
  echo_server server(false);
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client client;
    http::websocket_options options;
    options.compress = true;
    options.message_bytes = 100'000;
    http::websocket socket = co_await client.websocket("ws://" + server.address() + "/", options);
    co_await socket.send(std::string(100'001, 'x'));
    bool over = false;
    try {
      co_await socket.receive();
    } catch (const limit_error&) {
      over = true;
    }
    CHECK(over);
  });
}
