#include <catch2/catch.hpp>

#include "tls_fixture.hpp"
#include "tls_session_cache.hpp"

using namespace net_test;
using braid::net::resumable;
using braid::net::tls_session_cache;
using braid::net::tls_version;

namespace {

/// Connects, has the server send a word, which brings its offers of sessions along, and tells whether an earlier
/// session was taken up.
bool resumes(const tls_options& client, const tls_options& server, const std::string& name = "localhost") {
  bool out = false;
  asio::io_context context(1);
  handshake hands;
  hands.client = client;
  hands.server = server;
  hands.name = name;
  run_on(context, context.get_executor(), hands.run());
  CHECK(hands.client_failure == "");
  if (!hands.ends.first || !hands.ends.second) return false;
  run_on(context, context.get_executor(), [](handshake& both, bool& resumed) -> awaitable<void> {
    co_await write_text(*both.ends.second, "word");
    const std::string got = co_await read_exactly(*both.ends.first, 4);
    CHECK(got == "word");
    resumed = both.ends.first->resumed_session();
    CHECK(both.ends.second->resumed_session() == resumed);
  }(hands, out));
  return out;
}

resumable session_of(long lifetime = 300) {
  resumable made(SSL_SESSION_new());
  SSL_SESSION_set_protocol_version(made.get(), TLS1_2_VERSION);
  const unsigned char id[1] = {1};
  SSL_SESSION_set1_id(made.get(), id, 1);
  SSL_SESSION_set_timeout(made.get(), lifetime);
  return made;
}

}  // namespace

TEST_CASE("a client takes up the sessions of a server") {
  for (const tls_version version : {tls_version::tls_1_2, tls_version::tls_1_3}) {
    const tls_options client = client_options().max_version(version);
    const tls_options server = server_options();
    CHECK_FALSE(resumes(client, server));
    CHECK(resumes(client, server));
    CHECK(resumes(client, server));
  }
}

TEST_CASE("sessions stay with their name, their options and their server", "[curl-cve]") {
  const tls_options client = client_options();
  const tls_options server = server_options();
  CHECK_FALSE(resumes(client, server));
  CHECK_FALSE(resumes(client, server, "www.example.org"));
  CHECK_FALSE(resumes(client_options(), server));
  CHECK_FALSE(resumes(client, server_options()));
  CHECK_FALSE(resumes(client_options().resumption(false), server));
}

TEST_CASE("a client that switched resumption off shakes hands in full each time") {
  const tls_options client = client_options().resumption(false);
  const tls_options server = server_options();
  CHECK_FALSE(resumes(client, server));
  CHECK_FALSE(resumes(client, server));
}

TEST_CASE("the cache of sessions has a bound and each name a few") {
  tls_session_cache cache(10);
  for (int i = 0; i < 20; ++i) cache.put("a", session_of());
  CHECK(cache.size() == 4);
  for (int i = 0; i < 20; ++i) cache.put(std::to_string(i), session_of());
  CHECK(cache.size() == 10);
  CHECK(cache.take("a") == nullptr);
  CHECK(cache.take("9") == nullptr);
  CHECK(cache.take("10") != nullptr);
  CHECK(cache.take("19") != nullptr);
  CHECK(cache.take("nobody") == nullptr);
  tls_session_cache none(0);
  none.put("a", session_of());
  CHECK(none.size() == 0);
}

TEST_CASE("a session of TLS 1.3 is given once and one that is too old never") {
  tls_session_cache cache;
  cache.put("old", session_of(0));
  CHECK(cache.take("old") == nullptr);
  CHECK(cache.size() == 0);
  cache.put("two", session_of());
  CHECK(cache.take("two") != nullptr);
  CHECK(cache.take("two") != nullptr);
  resumable three = session_of();
  SSL_SESSION_set_protocol_version(three.get(), TLS1_3_VERSION);
  cache.put("three", std::move(three));
  CHECK(cache.take("three") != nullptr);
  CHECK(cache.take("three") == nullptr);
}

TEST_CASE("a connection that rests takes in what the server offers and stays quiet") {
  run([]() -> awaitable<void> {
    handshake hands;
    co_await hands.run();
    auto [client, server] = std::move(hands.ends);
    // The server's tickets have been sent with its last word of the handshake: they wait in the socket.
    CHECK(client->is_quiet());
    CHECK(client->is_quiet());
    co_await write_text(*server, "x");
    CHECK_FALSE(client->is_quiet());
  }());
  run([]() -> awaitable<void> {
    handshake hands;
    co_await hands.run();
    auto [client, server] = std::move(hands.ends);
    CHECK(client->is_quiet());
    co_await server->shutdown_send();
    CHECK_FALSE(client->is_quiet());
  }());
  run([]() -> awaitable<void> {
    handshake hands;
    co_await hands.run();
    auto [client, server] = std::move(hands.ends);
    server->close();
    CHECK_FALSE(client->is_quiet());
  }());
}
