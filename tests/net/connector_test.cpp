#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/resolver.hpp>
#include <braid/net/tls.hpp>
#include <catch2/catch.hpp>

#include "certificates.hpp"
#include "net_fixture.hpp"

using namespace net_test;
using braid::net::connect;
using braid::net::connect_options;
using braid::net::resolve_override;
using Catch::Contains;

namespace {

awaitable<void> answer(braid::net::listener& door) {
  auto stream = co_await door.accept();
  co_await write_text(*stream, "hello");
  co_await stream->shutdown_send();
}

/// What `connect` throws, or the empty string.
template <class Error>
std::string failure_of(awaitable<void> body) {
  try {
    run(std::move(body));
  } catch (const Error& failure) {
    return failure.what();
  }
  return "";
}

/// An address nobody listens on: a port that was free a moment ago.
endpoint nobody(const asio::any_io_executor& executor) {
  const braid::net::listener gone(executor, loopback());
  return gone.local_endpoint();
}

awaitable<void> connect_to(std::string host, std::uint16_t port, connect_options options) {
  auto stream = co_await connect(host, port, options);
}

}  // namespace

TEST_CASE("connect takes names through overrides and tries the addresses in order") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    task server;
    server.start(executor, answer(door));
    const std::string port = std::to_string(door.local_endpoint().port());
    braid::net::connect_timings timings;
    connect_options options;
    options.timings = &timings;
    options.overrides.push_back(resolve_override::parse("other.example:" + port + ":127.0.0.9"));
    options.overrides.push_back(resolve_override::parse("www.example:" + port + ":127.0.0.2,127.0.0.1"));
    auto stream = co_await connect("www.example", door.local_endpoint().port(), options);
    CHECK(stream->peer_description() == "127.0.0.1:" + port);
    const std::string got = co_await read_exactly(*stream, 5);
    CHECK(got == "hello");
    CHECK(timings.connect.count() > 0);
    CHECK(timings.resolve.count() == 0);
    CHECK(timings.tls.count() == 0);
    while (!server.done) co_await yield();
  }());
}

TEST_CASE("connect resolves names") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::resolver::of(executor).use_lookup([](const std::string& host) {
      braid::net::lookup_answer answer;
      if (host == "www.example") answer.addresses.push_back(loopback());
      return answer;
    });
    braid::net::listener door(executor, loopback());
    task server;
    server.start(executor, answer(door));
    auto stream = co_await connect("www.example", door.local_endpoint().port(), connect_options());
    const std::string got = co_await read_exactly(*stream, 5);
    CHECK(got == "hello");
    while (!server.done) co_await yield();
    std::string message;
    try {
      co_await connect_to("else.example", 80, connect_options());
    } catch (const braid::resolve_error& failure) {
      message = failure.what();
    }
    CHECK(message == "resolve else.example: no address");
  }());
}

TEST_CASE("connect says to whom it could not connect, and why") {
  const auto body = [](std::string host, std::string addresses) -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const std::uint16_t port = nobody(executor).port();
    connect_options options;
    if (!addresses.empty()) {
      options.overrides.push_back(resolve_override::parse(host + ":" + std::to_string(port) + ":" + addresses));
    }
    co_await connect_to(host, port, options);
  };
  using braid::connect_error;
  CHECK_THAT(failure_of<connect_error>(body("127.0.0.1", "")),
             Contains("connect 127.0.0.1:") && Contains(": Connection refused") && !Contains("("));
  CHECK_THAT(failure_of<connect_error>(body("www.example", "127.0.0.1")),
             Contains("connect www.example:") && Contains(" (127.0.0.1): Connection refused"));
  CHECK_THAT(failure_of<connect_error>(body("www.example", "127.0.0.1,127.0.0.2")),
             Contains(": 127.0.0.1: Connection refused; 127.0.0.2: Connection refused"));
}

TEST_CASE("connect reaches Unix sockets, which a missing one does not hide") {
  CHECK(failure_of<braid::connect_error>(connect_to("unix:/nowhere/socket", 80, connect_options())) ==
        "connect unix:/nowhere/socket: No such file or directory");
  connect_options options;
  options.unix_path = "/nowhere/socket";
  CHECK_THAT(failure_of<braid::connect_error>(connect_to("www.example", 80, options)),
             Contains("connect www.example:80 (/nowhere/socket): No such file"));
}

TEST_CASE("connect speaks TLS when told to, checking the name it was given") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    task server;
    server.start(executor, [](braid::net::listener& from) -> awaitable<void> {
      const certificates& files = certificates::shared();
      const auto options = braid::net::tls_options().certificate(files.chain("good"), files.key("good"));
      for (int i = 0; i < 2; ++i) {
        auto raw = co_await from.accept();
        try {
          auto stream = co_await braid::net::tls_accept(std::move(raw), options);
          co_await write_text(*stream, "secret");
        } catch (const braid::tls_error&) {
        }
      }
    }(door));
    const std::uint16_t port = door.local_endpoint().port();
    connect_options options;
    options.tls.emplace().ca_file(certificates::shared().ca());
    auto stream = co_await connect("127.0.0.1", port, options);
    const std::string got = co_await read_exactly(*stream, 6);
    CHECK(got == "secret");
    options.tls_name = "wrong.example";
    std::string message;
    try {
      co_await connect_to("127.0.0.1", port, options);
    } catch (const braid::tls_error& failure) {
      message = failure.what();
    }
    CHECK_THAT(message, Contains("TLS with wrong.example (127.0.0.1:") && Contains("hostname mismatch"));
    while (!server.done) co_await yield();
  }());
}

TEST_CASE("connect gives up when its time is over, and says in the middle of what") {
  std::string message;
  std::string phase;
  try {
    run([]() -> awaitable<void> {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      braid::net::listener door(executor, loopback());  // takes the connection into its backlog and never answers
      connect_options options;
      options.timeout = 30ms;
      options.tls.emplace();
      co_await connect_to("127.0.0.1", door.local_endpoint().port(), options);
    }());
  } catch (const braid::timeout_error& failure) {
    message = failure.what();
    phase = failure.phase();
  }
  CHECK(phase == "connect");
  CHECK_THAT(message, Contains("timed out after 30 ms (TLS handshake with 127.0.0.1:"));
}

TEST_CASE("connect takes one family only or leaves from one address when told to") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    const std::uint16_t port = door.local_endpoint().port();
    connect_options options;
    options.overrides.push_back(resolve_override::parse("www.example:" + std::to_string(port) + ":::1,127.0.0.1"));
    options.family = braid::net::address_family::ipv4;
    options.local = endpoint::parse("127.0.0.7", 0);
    auto stream = co_await connect("www.example", port, options);
    auto other = co_await door.accept();
    CHECK(stream->peer_description() == "127.0.0.1:" + std::to_string(port));
    CHECK_THAT(other->peer_description(), Catch::StartsWith("127.0.0.7:"));
    options.local.reset();
    options.family = braid::net::address_family::ipv6;
    options.overrides[0] = resolve_override::parse("www.example:" + std::to_string(port) + ":127.0.0.1");
    std::string message;
    try {
      co_await connect_to("www.example", port, options);
    } catch (const braid::resolve_error& failure) {
      message = failure.what();
    }
    CHECK(message == "resolve www.example: no IPv6 address");
    options.family = braid::net::address_family::any;
    options.local = endpoint::parse("192.0.2.1", 0);  // nobody's
    try {
      co_await connect_to("www.example", port, options);
    } catch (const braid::connect_error& failure) {
      message = failure.what();
    }
    CHECK_THAT(message, Contains(" (127.0.0.1): Cannot assign requested address"));
  }());
}

TEST_CASE("overrides are host, port and addresses") {
  const resolve_override one = resolve_override::parse("Example.org:443:127.0.0.1,[::1]");
  CHECK(one.addresses().size() == 2);
  CHECK(one.addresses()[1].str() == "[::1]:443");
  CHECK(one.applies_to("example.ORG", 443));
  CHECK_FALSE(one.applies_to("example.org", 80));
  CHECK(resolve_override::parse("*:80:::1").applies_to("anything", 80));
  for (const char* bad :
       {"", "a", "a:1", "a:b:127.0.0.1", ":1:127.0.0.1", "a:1:", "a:1:localhost", "a:99999:1.2.3.4"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(resolve_override::parse(bad), braid::invalid_argument);
  }
}
