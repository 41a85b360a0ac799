// What is sent to proxies and to origins, and which connections are shared.
#include "client_fixture.hpp"

#include <braid/net/proxy_settings.hpp>

using namespace client_tests;

namespace {

http::client_options through(const char* proxy) {
  http::client_options out;
  out.proxy = net::proxy_settings(net::proxy::parse(proxy));
  out.user_agent.clear();
  out.decompress = false;
  return out;
}

http::client_options with_digest(const char* proxy, net::proxy_scheme how = net::proxy_scheme::digest) {
  http::client_options out = through(proxy);
  net::proxy one = net::proxy::parse(proxy);
  one.scheme(how);
  out.proxy = net::proxy_settings(std::move(one));
  return out;
}

std::string refusal(const std::string& challenge) {
  return "HTTP/1.1 407 No\r\nProxy-Authenticate: " + challenge + "\r\nContent-Length: 2\r\n\r\nno";
}

constexpr auto wants_digest = "Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"";

bool says(const std::string& request, std::string_view piece) { return request.find(piece) != request.npos; }

}  // namespace

TEST_CASE("an HTTP proxy is sent whole URLs and its credentials over one connection for all origins") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next(answers(ok("x")));
    http::client client = client_of(peer, through("http://us:er@proxy:3128"));
    co_await client.get("http://a.example/one?q#f");
    co_await client.get("http://u:p@b.example:8080/two");
    CHECK(peer.connections() == 1);
    REQUIRE(peer.requests().size() == 2);
    CHECK(peer.requests()[0] ==
          "GET http://a.example/one?q HTTP/1.1\r\nHost: a.example\r\nProxy-Authorization: Basic dXM6ZXI=\r\n"
          "Accept: */*\r\nProxy-Connection: Keep-Alive\r\n\r\n");
    CHECK(peer.requests()[1] ==
          "GET http://b.example:8080/two HTTP/1.1\r\nHost: b.example:8080\r\nProxy-Authorization: Basic dXM6ZXI=\r\n"
          "Authorization: Basic dTpw\r\nAccept: */*\r\nProxy-Connection: Keep-Alive\r\n\r\n");
  });
}

TEST_CASE("what goes through a tunnel is as without a proxy and each origin has connections of its own", "[curl-cve]") {
  for (const char* proxy : {"http://us:er@proxy:3128", "socks5h://us:er@proxy"}) {
    run_virtual([proxy]() -> awaitable<void> {
      scripted_peer peer;
      peer.always(answers(ok("x")));
      http::client_options options = through(proxy);
      options.proxy_tunnel = true;
      options.default_headers.add("Proxy-Authorization", "Basic secret");
      http::client client = client_of(peer, std::move(options));
      co_await client.get("http://a.example/one");
      http::request second("GET", "http://a.example/two");
      second.header("Proxy-Authorization", "Basic secret");
      co_await client.send(std::move(second));
      co_await client.get("https://a.example/");
      co_await client.get("http://b.example/");
      CHECK(peer.connections() == 3);
      REQUIRE(peer.requests().size() == 4);
      CHECK(peer.requests()[0] == "GET /one HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n");
      CHECK(peer.requests()[1] == "GET /two HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n");
    });
  }
}

TEST_CASE("connections of different proxies and of none are never mixed", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client client = client_of(peer);
    std::size_t expected = 0;
    for (const char* proxy :
         {"", "http://p", "http://u:1@p", "http://u:2@p", "http://p:81", "socks5h://p", "socks4a://p"}) {
      for (int i = 0; i < 2; ++i) {
        http::request what("GET", "http://a.example/");
        if (*proxy) what.proxy(net::proxy_settings(net::proxy::parse(proxy)));
        co_await client.send(std::move(what));
      }
      CHECK(peer.connections() == ++expected);
    }
  });
}

TEST_CASE("each hop of a redirect chooses its proxy and the origins' credentials stay theirs", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send("HTTP/1.1 302 F\r\nLocation: http://inside.example/\r\nContent-Length: 0\r\n\r\n");
      co_await w.answer_all(ok("end"));
    });
    peer.next(answers("HTTP/1.1 302 F\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n"));
    http::client_options options = through("http://us:er@proxy");
    options.proxy.except("inside.example");
    http::client client = client_of(peer, std::move(options));
    http::request what("GET", "http://a.example/");
    what.bearer("token").header("Proxy-Authorization", "Basic own");
    http::response got = co_await client.send(std::move(what));
    CHECK(got.body() == "end");
    CHECK(peer.connections() == 2);
    REQUIRE(peer.requests().size() == 3);
    CHECK(peer.requests()[0] ==
          "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer token\r\nProxy-Authorization: "
          "Basic own\r\nAccept: */*\r\nProxy-Connection: Keep-Alive\r\n\r\n");
    CHECK(peer.requests()[1] == "GET / HTTP/1.1\r\nHost: inside.example\r\nAccept: */*\r\n\r\n");
    CHECK(peer.requests()[2].find("Proxy-Authorization: Basic dXM6ZXI=\r\n") != std::string::npos);
    CHECK(peer.requests()[2].find("token") == std::string::npos);
  });
}

TEST_CASE("a proxy's own 407 to a request is a response") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next(answers("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"));
    http::client client = client_of(peer, through("http://proxy"));
    http::response got = co_await client.get("http://a.example/");
    CHECK(got.status() == 407);
  });
}

TEST_CASE("a client with a Unix socket has no proxy") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next(answers(ok("x")));
    http::client_options options = through("http://proxy");
    options.unix_socket = "/run/x";
    http::client client = client_of(peer, std::move(options));
    co_await client.get("http://a.example/");
    CHECK(peer.requests()[0].starts_with("GET / HTTP/1.1\r\n"));
  });
}

TEST_CASE("an HTTP proxy that is asked itself speaks HTTP/1.1 whatever the origin is known to speak") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client_options options = through("http://proxy");
    options.http_version = http::protocol_choice::http2_prior_knowledge;
    http::client client = client_of(peer, std::move(options));
    const std::string got = co_await outcome_of(client.get("http://a.example/"));
    CHECK(got == "x");
    co_await client.get("http://b.example/");
    REQUIRE(peer.requests().size() == 2);
    CHECK(peer.requests()[0].starts_with("GET http://a.example/ HTTP/1.1\r\n"));
    CHECK(peer.connections() == 1);
  });
}

TEST_CASE("a proxy's Digest challenge is answered and later requests answer it unasked") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send(refusal(wants_digest));
      co_await w.answer_all(ok("x"));
    });
    http::client client = client_of(peer, with_digest("http://us:er@proxy"));
    const std::string got = co_await outcome_of(client.get("http://a.example/one?q"));
    CHECK(got == "x");
    co_await client.get("http://b.example/");
    CHECK(peer.connections() == 1);
    REQUIRE(peer.requests().size() == 3);
    CHECK_FALSE(says(peer.requests()[0], "Proxy-Authorization"));
    CHECK(says(peer.requests()[1],
               "Proxy-Authorization: Digest username=\"us\", realm=\"r\", nonce=\"n1\", "
               "uri=\"http://a.example/one?q\", cnonce=\""));
    CHECK(says(peer.requests()[1], "nc=00000001"));
    CHECK(says(peer.requests()[2], "uri=\"http://b.example/\""));
    CHECK(says(peer.requests()[2], "nc=00000002"));
  });
}

TEST_CASE("a password that a proxy refuses is sent once and a stale nonce is answered again") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      for (int i = 0; i < 2; ++i) {
        co_await w.read_request();
        co_await w.send(refusal(wants_digest));
      }
      co_await w.read_request();
      co_await w.send(refusal("Digest realm=\"r\", nonce=\"n2\", stale=true"));
      co_await w.answer_all(ok("x"));
    });
    http::client client = client_of(peer, with_digest("http://us:er@proxy"));
    http::response first = co_await client.get("http://a.example/");
    CHECK(first.status() == 407);
    CHECK(peer.requests().size() == 2);
    const std::string second = co_await outcome_of(client.get("http://a.example/"));
    CHECK(second == "x");
    REQUIRE(peer.requests().size() == 4);
    CHECK(says(peer.requests()[3], "nonce=\"n2\""));
  });
}

TEST_CASE("what one proxy asked for is not said to another nor to an origin") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send(refusal(wants_digest));
      co_await w.answer_all(ok("x"));
    });
    peer.always(answers(ok("y")));
    http::client client = client_of(peer, with_digest("http://us:er@proxy"));
    co_await client.get("http://a.example/");
    for (const char* other : {"http://us:er@another", "http://us:other@proxy"}) {
      net::proxy via = net::proxy::parse(other);
      via.scheme(net::proxy_scheme::digest);
      http::request what("GET", "http://a.example/");
      what.proxy(net::proxy_settings(std::move(via)));
      co_await client.send(std::move(what));
    }
    http::request direct("GET", "http://a.example/");
    direct.proxy(net::proxy_settings());
    co_await client.send(std::move(direct));
    REQUIRE(peer.requests().size() == 5);
    for (std::size_t i = 2; i < 5; ++i) CHECK_FALSE(says(peer.requests()[i], "Authorization"));
  });
}

TEST_CASE("a proxy that may choose gets Basic only where it offers nothing better") {
  for (const char* offer : {"Basic realm=\"r\"", "Basic realm=\"r\", Digest realm=\"r\", nonce=\"n\""}) {
    const bool better = std::string_view(offer).find("Digest") != std::string_view::npos;
    for (const net::proxy_scheme how : {net::proxy_scheme::any, net::proxy_scheme::digest}) {
      run_virtual([&]() -> awaitable<void> {
        scripted_peer peer;
        peer.next([offer](wire& w) -> awaitable<void> {
          co_await w.read_request();
          co_await w.send(refusal(offer));
          co_await w.answer_all(ok("x"));
        });
        http::client client = client_of(peer, with_digest("http://us:er@proxy", how));
        http::response got = co_await client.get("http://a.example/");
        const bool answered = better || how == net::proxy_scheme::any;
        CHECK(got.status() == (answered ? 200 : 407));
        REQUIRE(peer.requests().size() == (answered ? 2 : 1));
        if (answered)
          CHECK(says(peer.requests()[1], better ? "Authorization: Digest " : "Authorization: Basic dXM6ZXI="));
      });
    }
  }
}
