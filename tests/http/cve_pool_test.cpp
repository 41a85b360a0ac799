// Classes of curl's advisories: a connection that was made for one purpose and is used for another.
#include "local_server.hpp"

#include <braid/net/proxy_settings.hpp>

using namespace client_tests;

TEST_CASE("cve: a connection without verification is never used by a client that verifies", "[curl-cve]") {
  local_server server(say_path, with_certificate("self"));
  const std::string address = server.url("/", "https", "localhost");
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client_options careless = trusting();
    careless.tls.verify(false);
    const http::client first(careless), second(trusting());
    const std::string easy = co_await outcome_of(first.get(address));
    CHECK(easy == "/");
    const std::string strict = co_await outcome_of(second.get(address));
    CHECK(strict.starts_with("tls_failed: "));
  });
}

TEST_CASE("cve: a connection with a client certificate is never used by a client without", "[curl-cve]") {
  http::server_options asks = with_certificate("good");
  asks.tls->client_ca(certificates::shared().ca());
  local_server server(say_path, asks);
  const std::string address = server.url("/", "https", "localhost");
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client_options known = trusting();
    known.tls.certificate(certificates::shared().chain("other"), certificates::shared().key("other"));
    const http::client first(known), second(trusting());
    const std::string with = co_await outcome_of(first.get(address));
    CHECK(with == "/");
    const std::string without = co_await outcome_of(second.get(address));
    CHECK(without != "/");
    CHECK(without.find(": ") != without.npos);
  });
}

TEST_CASE("cve: a session with a client certificate is not taken up by a client without", "[curl-cve]") {
  http::server_options asks = with_certificate("good");
  asks.tls->client_ca(certificates::shared().ca());
  local_server server(say_path, asks);
  const std::string address = server.url("/", "https", "localhost");
  runtime one;
  one.run([&]() -> awaitable<void> {
    for (int round = 0; round < 3; ++round) {
      http::client_options known = trusting();
      known.tls.certificate(certificates::shared().chain("other"), certificates::shared().key("other"));
      const std::string with = co_await outcome_of(http::client(known).get(address));
      CHECK(with == "/");
      const std::string without = co_await outcome_of(http::client(trusting()).get(address));
      CHECK(without != "/");
    }
  });
}

TEST_CASE("cve: who signs in over a connection signs in for that request only", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next(answers(ok("x")));
    http::client client = client_of(peer);
    http::request first("GET", "http://h/"), second("GET", "http://h/"), third("GET", "http://h/");
    first.basic_auth("one", "1");
    second.bearer("two");
    co_await client.send(std::move(first));
    co_await client.send(std::move(second));
    co_await client.send(std::move(third));
    co_await client.get("http://h/");
    CHECK(peer.connections() == 1);
    REQUIRE(peer.requests().size() == 4);
    CHECK(has(peer.requests()[0], "Authorization: Basic b25lOjE=\r\n"));
    CHECK(has(peer.requests()[1], "Authorization: Bearer two\r\n"));
    CHECK_FALSE(has(peer.requests()[1], "Basic"));
    CHECK_FALSE(has(peer.requests()[2] + peer.requests()[3], "Authorization"));
  });
}

TEST_CASE("cve: plain and encrypted requests to one address never share a connection", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client client = client_of(peer);
    co_await client.get("http://h:443/");
    co_await client.get("https://h:443/");
    co_await client.get("http://h:443/");
    CHECK(peer.connections() == 2);
  });
}

TEST_CASE("cve: a connection to an address that one client was given is never used by another", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client_options misled;
    misled.resolve.push_back(net::resolve_override::parse("h:80:127.0.0.9"));
    const http::client first = client_of(peer, misled), second = client_of(peer);
    co_await first.get("http://h/");
    co_await second.get("http://h/");
    co_await first.get("http://h/");
    CHECK(peer.connections() == 2);
  });
}

TEST_CASE("cve: passwords of proxies are compared with their case", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client client = client_of(peer);
    for (const char* proxy : {"http://u:Secret@p", "http://u:secret@p", "http://U:secret@p"}) {
      http::request what("GET", "http://a/");
      what.proxy(net::proxy_settings(net::proxy::parse(proxy)));
      co_await client.send(std::move(what));
    }
    CHECK(peer.connections() == 3);
  });
}
