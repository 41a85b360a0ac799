#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>
#include <catch2/catch.hpp>

#include "net_fixture.hpp"
#include "tls_fixture.hpp"

using namespace net_test;
using braid::net::tls_options;
using Catch::Contains;

namespace {

awaitable<void> send_and_close(transport& to, std::string text) {
  co_await write_text(to, std::move(text));
  co_await to.shutdown_send();
}

}  // namespace

TEST_CASE("TLS carries bytes of any amount both ways and ends with close_notify as eof") {
  run([]() -> awaitable<void> {
    handshake hands;
    co_await hands.run();
    REQUIRE(hands.client_failure == "");
    REQUIRE(hands.server_failure == "");
    auto [client, server] = std::move(hands.ends);
    for (const std::size_t size : {1, 100, 16384, 16385, 3000000}) {
      std::string text(size, 'x');
      for (std::size_t i = 0; i < size; i += 7) text[i] = static_cast<char>('a' + i % 26);
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      task sender;
      sender.start(executor, [](transport& to, std::string what) -> awaitable<void> {
        const io_result sent = co_await write_text(to, what);
        CHECK(sent.ok());
        CHECK(sent.size == what.size());
      }(*client, text));
      const std::string got = co_await read_exactly(*server, size);
      CHECK((got == text));
      while (!sender.done) co_await yield();
    }
    const std::string head(10, 'h');
    const std::string body(40000, 'b');
    const std::array<asio::const_buffer, 4> parts{asio::buffer(head), asio::const_buffer(), asio::buffer(body),
                                                  asio::buffer(head)};
    const io_result sent = co_await server->write(parts);
    CHECK(sent.size == 40020);
    const std::string got = co_await read_exactly(*client, 40020);
    CHECK((got == head + body + head));
    co_await send_and_close(*server, "bye");
    const std::string last = co_await read_exactly(*client, 3);
    CHECK(last == "bye");
    char byte = 0;
    const io_result end = co_await client->read_some(asio::buffer(&byte, 1));
    CHECK(end.error == asio::error::eof);
  }());
}

TEST_CASE("a TLS stream cut off without close_notify is a truncation, not an end") {
  run([]() -> awaitable<void> {
    handshake hands;
    co_await hands.run();
    auto [client, server] = std::move(hands.ends);
    co_await write_text(*server, "half");
    server->close();
    const std::string half = co_await read_exactly(*client, 4);
    CHECK(half == "half");
    char byte = 0;
    const io_result end = co_await client->read_some(asio::buffer(&byte, 1));
    CHECK(braid::net::is_truncation(end.error));
    CHECK_THAT(end.error.message(), Contains("truncated"));
  }());
}

TEST_CASE("a client names what is wrong with a certificate", "[curl-cve]") {
  const auto failure_with = [](const std::string& certificate, const std::string& name, tls_options client) {
    asio::io_context context(1);
    handshake hands;
    hands.server = server_options(certificate);
    hands.client = client;
    hands.name = name;
    run_on(context, context.get_executor(), hands.run());
    if (!hands.client_failure.empty()) CHECK(hands.server_failure != "");
    return hands.client_failure;
  };
  CHECK(failure_with("good", "localhost", client_options()) == "");
  CHECK(failure_with("good", "www.example.org", client_options()) == "");
  CHECK(failure_with("good", "127.0.0.1", client_options()) == "");
  CHECK_THAT(failure_with("good", "example.net", client_options()),
             Contains("TLS with example.net (127.0.0.1:") && Contains("certificate verify failed: hostname mismatch"));
  CHECK_THAT(failure_with("good", "127.0.0.2", client_options()), Contains("IP address mismatch"));
  CHECK_THAT(failure_with("other", "localhost", client_options()), Contains("hostname mismatch"));
  CHECK_THAT(failure_with("expired", "localhost", client_options()), Contains("certificate has expired"));
  CHECK_THAT(failure_with("self", "localhost", client_options()), Contains("self-signed certificate"));
  CHECK_THAT(failure_with("good", "localhost", tls_options()), Contains("unable to get local issuer certificate"));
  CHECK(failure_with("self", "anything", tls_options().verify(false)) == "");
}

TEST_CASE("the failures of TLS are tls_errors, of files too") {
  CHECK_THROWS_AS(run([]() -> awaitable<void> {
                    stream_pair raw = co_await connected();
                    co_await write_text(*raw.second, "HTTP/1.1 400 Bad Request\r\n\r\n");
                    auto stream = co_await braid::net::tls_connect(std::move(raw.first), "localhost", tls_options());
                  }()),
                  braid::tls_error);
  CHECK_THROWS_AS(run([]() -> awaitable<void> {
                    stream_pair raw = co_await connected();
                    auto options = tls_options().ca_file("/nowhere.pem");
                    auto stream = co_await braid::net::tls_connect(std::move(raw.first), "localhost", options);
                  }()),
                  braid::tls_error);
}

TEST_CASE("a handshake that the peer gives up says so") {
  std::string message;
  try {
    run([]() -> awaitable<void> {
      stream_pair raw = co_await connected();
      raw.second->close();
      auto stream = co_await braid::net::tls_connect(std::move(raw.first), "localhost", tls_options());
    }());
  } catch (const braid::tls_error& failure) {
    message = failure.what();
  }
  CHECK_THAT(message, Contains("closed the connection") || Contains("reset"));
}

TEST_CASE("ALPN chooses the server's favourite among what the client offers") {
  asio::io_context context(1);
  handshake hands;
  hands.client.alpn({"http/1.1", "h2"});
  hands.server.alpn({"h2", "http/1.1"});
  run_on(context, context.get_executor(), hands.run());
  REQUIRE(hands.ends.first);
  CHECK(hands.ends.first->application_protocol() == "h2");
  CHECK(hands.ends.second->application_protocol() == "h2");

  handshake without;
  run_on(context, context.get_executor(), without.run());
  CHECK(without.ends.first->application_protocol() == "");
}
