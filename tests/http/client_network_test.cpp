// The client over real sockets: against the project's own server, on contexts of several kinds.
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "../net/certificates.hpp"
#include "client_fixture.hpp"
#include "local_server.hpp"

#include <braid/core/error.hpp>
#include <braid/http/server.hpp>
#include <braid/runtime/runtime.hpp>

using namespace client_tests;
using net_test::certificates;

TEST_CASE("a GET over TCP, kept alive") {
  local_server server(say_path);
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client client;
    for (int i = 0; i < 10; ++i) {
      http::response got = co_await client.get(server.url("/x"));
      CHECK(got.body() == "/x");
    }
    http::response posted = co_await client.post(server.url("/y"), std::string(500'000, 'z'));
    CHECK(posted.body() == "/y" + std::string(500'000, 'z'));
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a refused connection says who refused") {
  const std::string got = get_once({}, "http://127.0.0.1:1/");
  CHECK(got == "connect_failed: GET http://127.0.0.1:1/: connect 127.0.0.1:1: Connection refused");
  http::client_options overridden;
  overridden.resolve.push_back(net::resolve_override::parse("example.test:1:127.0.0.1"));
  CHECK(has(get_once(overridden, "http://example.test:1/"), "connect example.test:1 (127.0.0.1): Connection refused"));
}

TEST_CASE("a client leaves from the address and by the family it is told") {
  local_server server(say_path);
  http::client_options options;
  options.resolve.push_back(net::resolve_override::parse("www.test:" + std::to_string(server.port()) + ":127.0.0.1"));
  options.local_address = net::endpoint::parse("127.0.0.6", 0);
  CHECK(get_once(options, server.url("/x", "http", "www.test")) == "/x");
  options.address_family = net::address_family::ipv6;
  options.local_address.reset();
  CHECK(has(get_once(options, server.url("/x", "http", "www.test")), "resolve www.test: no IPv6 address"));
}

TEST_CASE("the address policy holds on every hop") {
  local_server inside(say_path);
  const auto redirect = [&inside](http::server_request&) -> awaitable<http::reply> {
    http::reply there = http::reply::redirect(inside.url("/secret"));
    co_return there;
  };
  local_server outside(redirect, {}, "127.0.0.2");
  const std::string address = "127.0.0.2:" + std::to_string(outside.port());
  http::client_options guarded;
  guarded.addresses = net::address_policy::public_only().allow("127.0.0.2");
  CHECK(get_once(guarded, "http://" + address + "/") == "address_refused: GET " + inside.url("/secret") + ": connect " +
                                                            inside.url("").substr(7) +
                                                            ": the address policy refuses 127.0.0.1 (loopback)");
  CHECK(get_once({}, "http://" + address + "/") == "/secret");
}

TEST_CASE("TLS: a good certificate is taken, a wrong one refused with the reason") {
  local_server good(say_path, with_certificate("good"));
  CHECK(get_once(trusting(), good.url("/secret", "https", "localhost")) == "/secret");
  CHECK(has(get_once({}, good.url("/", "https", "localhost")), "tls_failed: GET https://localhost:"));
  http::client_options blind;
  blind.tls.verify(false);
  CHECK(get_once(blind, good.url("/x", "https", "localhost")) == "/x");
  for (const char* name : {"other", "expired", "self"}) {
    local_server bad(say_path, with_certificate(name));
    const std::string got = get_once(trusting(), bad.url("/", "https", "localhost"));
    INFO(name << ": " << got);
    CHECK(has(got, "tls_failed: GET https://localhost:"));
    CHECK(has(got, "certificate"));
  }
  // Neither speaks the other's language.
  CHECK(has(get_once(trusting(), good.url("/", "http")), "GET http://127.0.0.1:"));
  local_server plain(say_path);
  CHECK(has(get_once(trusting(), plain.url("/", "https")), "tls_failed: "));
}

TEST_CASE("TLS connections are kept and reused") {
  local_server server(say_path, with_certificate("good"));
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client client(trusting());
    bool reused = false;
    for (int i = 0; i < 3; ++i) {
      http::response got = co_await client.get(server.url("/x", "https", "localhost"));
      CHECK(got.body() == "/x");
      reused = got.timings().reused;
      co_await sleep_for(30ms);  // so long that the client looks before it takes the connection
    }
    CHECK(reused);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a new TLS connection takes up the session of an earlier one") {
  local_server server(say_path, with_certificate("good"));
  std::vector<bool> resumed;
  http::client_options options = trusting();
  options.connector = [&resumed](std::string host, std::uint16_t port,
                                 net::connect_options how) -> awaitable<std::unique_ptr<net::transport>> {
    awaitable<std::unique_ptr<net::transport>> connecting = net::connect(std::move(host), port, std::move(how));
    std::unique_ptr<net::transport> stream = co_await std::move(connecting);
    resumed.push_back(stream->resumed_session());
    co_return stream;
  };
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client client(options);
    for (int i = 0; i < 3; ++i) {
      http::request what("GET", server.url("/x", "https", "localhost"));
      what.header("Connection", "close");
      http::response got = co_await client.send(std::move(what));
      CHECK(got.body() == "/x");
    }
  });
  CHECK(resumed == std::vector<bool>{false, true, true});
}

TEST_CASE("one client serves every context of a runtime, each with a pool of its own") {
  local_server server(say_path);
  runtime two({2, false});
  two.run([&]() -> awaitable<void> {
    const http::client client;
    std::atomic<int> good{0};
    std::atomic<int> left{2};
    for (unsigned i = 0; i < 2; ++i) {
      const auto body = [&]() -> awaitable<void> {
        for (int n = 0; n < 50; ++n) {
          http::response got = co_await client.get(server.url("/x"));
          if (got.body() == "/x") ++good;
        }
        --left;
      };
      boost::asio::co_spawn(two.at(i).executor(), body, boost::asio::detached);
    }
    while (left > 0) co_await sleep_for(1ms);
    CHECK(good == 100);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a client that outlives its contexts, and contexts that outlive their client, are both fine") {
  local_server server(say_path);
  http::client lasting;
  for (int i = 0; i < 3; ++i) {
    boost::asio::io_context own(1);
    std::string body;
    const auto work = [&]() -> awaitable<void> {
      http::client passing;
      http::response one = co_await lasting.get(server.url("/a"));
      http::response two = co_await passing.get(server.url("/b"));
      body = one.body() + two.body();
    };
    std::exception_ptr failure;
    boost::asio::co_spawn(own, work, [&failure](std::exception_ptr error) { failure = error; });
    own.run();
    CHECK(describe(failure) == "no error");
    CHECK(body == "/a/b");
  }
  // Destroyed with a request under way.
  boost::asio::io_context own(1);
  const auto work = [&]() -> awaitable<void> { co_await lasting.get(server.url("/a")); };
  boost::asio::co_spawn(own, work, boost::asio::detached);
  own.poll_one();
}
