// Classes of curl's advisories: what a redirect or a proxy on the way must not learn.
#include "client_fixture.hpp"

#include <braid/http/cookies.hpp>

using namespace client_tests;

namespace {

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

/// Each connection answers the first request with a redirect, unless it leads to "/end".
scripted_peer::script leads_to(std::string location) {
  return [location](wire& w) -> awaitable<void> {
    for (;;) {
      const std::string asked = co_await w.read_request();
      if (asked.empty()) co_return;
      const bool end = has(asked, " /end");
      std::string answer = "HTTP/1.1 307 T\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n";
      if (end) answer = ok("end");
      co_await w.send(std::move(answer));
    }
  };
}

/// What is asked of `location` when http://h/ leads there and the request has secrets of every kind.
awaitable<std::string> asked_behind(std::string location) {
  scripted_peer peer;
  peer.always(leads_to(location));
  http::client_options options;
  options.default_headers.add("X-Plain", "1");
  http::client client = client_of(peer, options);
  http::request what("GET", "http://user:secret1@h/");
  what.header("Cookie", "secret2").header("Proxy-Authorization", "Basic secret3");
  co_await client.send(std::move(what));
  http::request bearer("GET", "http://h/");
  bearer.bearer("secret4");
  co_await client.send(std::move(bearer));
  REQUIRE(peer.requests().size() == 4);
  co_return peer.requests()[1] + peer.requests()[3];
}

}  // namespace

TEST_CASE("cve: credentials stay behind when a redirect leads to another host or port or scheme", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    for (const char* other : {"http://other/end", "http://h:8080/end", "https://h/end", "http://h.evil/end",
                              "http://h./end", "http://xh/end", "//other/end"}) {
      CAPTURE(other);
      const std::string asked = co_await asked_behind(other);
      CHECK_FALSE(has(asked, "secret"));
      CHECK_FALSE(has(asked, "Authorization"));
      CHECK(has(asked, "X-Plain: 1"));
    }
    const std::string same = co_await asked_behind("http://H:80/end");
    CHECK(has(same, "secret4"));
  });
}

TEST_CASE("cve: credentials that were left behind do not come back with a redirect home", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next(leads_to("http://other/"));
    peer.next(leads_to("http://h/end"));
    http::client client = client_of(peer);
    http::request what("GET", "http://h/");
    what.bearer("secret");
    co_await client.send(std::move(what));
    REQUIRE(peer.requests().size() == 3);
    CHECK_FALSE(has(peer.requests()[1] + peer.requests()[2], "secret"));
  });
}

TEST_CASE("cve: user and password in a redirect are read as a URL's and never become part of the host", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    for (const char* to : {"http://us:p%40ss@other/end", "http://us:p@ss@other/end", "//us:p%40ss@other/end"}) {
      scripted_peer peer;
      peer.always(leads_to(to));
      http::client client = client_of(peer);
      co_await client.get("http://h/");
      REQUIRE(peer.targets().size() == 2);
      CHECK(peer.targets()[1] == "other:80");
    }
  });
}

TEST_CASE("cve: a redirect to another kind of URL is refused", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    for (const char* to : {"file:///etc/passwd", "ftp://h/x", "scp://h/x", "gopher://h/x", "data:,x", "javascript:0",
                           "socks5://h/", "ws://h/"}) {
      CAPTURE(to);
      scripted_peer peer;
      peer.always(leads_to(to));
      http::client client = client_of(peer);
      const std::string got = co_await outcome_of(client.get("http://h/"));
      CHECK(got.starts_with("redirect_failed: "));
      CHECK(peer.requests().size() == 1);
    }
  });
}

TEST_CASE("cve: a claimed host's cookies stay with it when a redirect leads away", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(leads_to("http://other/end"));
    http::client_options options;
    options.cookies = std::make_shared<http::cookie_jar>();
    options.cookies->store(url::parse("http://claimed/"), "a=secret", wall_time());
    options.wall_clock = [] { return wall_time(); };
    http::client client = client_of(peer, options);
    http::request what("GET", "http://h/");
    what.header("Host", "claimed");
    co_await client.send(std::move(what));
    REQUIRE(peer.requests().size() == 2);
    CHECK(has(peer.requests()[0], "Cookie: a=secret"));
    CHECK(has(peer.requests()[1], "Host: other\r\n"));
    CHECK_FALSE(has(peer.requests()[1], "secret"));
  });
}

TEST_CASE("cve: a body and a method are those of their own request and not of the one before", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client client = client_of(peer);
    co_await client.put("http://h/", "first body");
    co_await client.post("http://h/", "second");
    co_await client.get("http://h/");
    REQUIRE(peer.requests().size() == 3);
    CHECK(peer.requests()[1].starts_with("POST / "));
    CHECK(peer.requests()[1].ends_with("\r\n\r\nsecond"));
    CHECK(peer.requests()[2].ends_with("\r\n\r\n"));
    CHECK_FALSE(has(peer.requests()[2], "Content-"));
  });
}
