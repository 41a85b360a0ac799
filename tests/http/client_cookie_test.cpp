#include <braid/http/cookies.hpp>
#include <thread>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

std::string moved(std::string location, std::string fields) {
  return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
}

/// Answers one after another.
scripted_peer::script in_turn(std::vector<std::string> answers) {
  return [answers](wire& w) -> awaitable<void> {
    for (const std::string& answer : answers) {
      co_await w.read_request();
      co_await w.send(answer);
    }
  };
}

http::client_options with_jar() {
  http::client_options options;
  options.cookies = std::make_shared<http::cookie_jar>();
  return options;
}

}  // namespace

TEST_CASE("a client with a jar keeps cookies and sends them back") {
  scripted_peer peer;
  peer.always(in_turn({ok("", "Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/deep\r\n"), ok(""), ok("")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_jar());
    co_await client.get("http://h/");
    co_await client.get("http://h/deep/er");
    co_await client.get("http://h/");
    CHECK_FALSE(has(peer.requests()[0], "Cookie"));
    CHECK(has(peer.requests()[1], "\r\nCookie: b=2; a=1\r\n"));
    CHECK(has(peer.requests()[2], "\r\nCookie: a=1\r\n"));
  });
}

TEST_CASE("a client without a jar leaves cookies alone") {
  scripted_peer peer;
  peer.always(in_turn({ok("", "Set-Cookie: a=1\r\n"), ok("")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    co_await client.get("http://h/");
    co_await client.get("http://h/");
    CHECK_FALSE(has(peer.requests()[1], "Cookie"));
  });
}

TEST_CASE("cookies are kept and sent on every hop of a redirect") {
  scripted_peer peer;
  peer.always(in_turn({moved("/next", "Set-Cookie: a=1\r\n"), ok("end")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_jar());
    const http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "end");
    CHECK(has(peer.requests()[1], "\r\nCookie: a=1\r\n"));
  });
}

TEST_CASE("cookies do not cross origins with a redirect and those of the other side are sent") {
  scripted_peer peer;
  peer.next(in_turn({moved("http://other/", "Set-Cookie: mine=1\r\n")})).next(in_turn({ok("end")}));
  http::client_options options = with_jar();
  options.cookies->store(url::parse("http://other/"), "theirs=2", std::chrono::system_clock::now());
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, options);
    http::request what("GET", "http://h/");
    what.header("Cookie", "own=3");
    const std::string got = co_await outcome_of(client.send(std::move(what)));
    CHECK(got == "end");
    REQUIRE(peer.requests().size() == 2);
    CHECK(has(peer.requests()[0], "\r\nCookie: own=3\r\n"));
    CHECK(has(peer.requests()[1], "\r\nCookie: theirs=2\r\n"));
    CHECK_FALSE(has(peer.requests()[1], "own=3"));
    CHECK_FALSE(has(peer.requests()[1], "mine=1"));
  });
}

TEST_CASE("cookies of a request's own go behind the jar's in one field") {
  scripted_peer peer;
  peer.always(in_turn({ok(""), ok("")}));
  http::client_options options = with_jar();
  options.cookies->store(url::parse("http://h/"), "jar=1", std::chrono::system_clock::now());
  options.default_headers.add("Cookie", "default=2");
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, options);
    http::request what("GET", "http://h/");
    what.header("Cookie", "own=3").header("cookie", "own=4");
    co_await client.send(std::move(what));
    CHECK(has(peer.requests()[0], "\r\nCookie: jar=1; own=3; own=4\r\n"));
    CHECK_FALSE(has(peer.requests()[0], "default=2"));
    co_await client.get("http://h/");
    CHECK(has(peer.requests()[1], "\r\nCookie: jar=1; default=2\r\n"));
  });
}

TEST_CASE("a Host field of a request's own decides whose cookies these are") {
  scripted_peer peer;
  peer.always(in_turn({ok("", "Set-Cookie: a=1; Domain=example.com\r\n"), ok("")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_jar());
    http::request what("GET", "http://h/");
    what.header("Host", "www.example.com");
    http::request again = what;
    co_await client.send(std::move(what));
    co_await client.send(std::move(again));
    CHECK(has(peer.requests()[1], "\r\nCookie: a=1\r\n"));
    CHECK(client.options().cookies->header_for(url::parse("http://h/"), std::chrono::system_clock::now()).empty());
  });
}

TEST_CASE("cookies expire by the clock of the options") {
  scripted_peer peer;
  peer.always(in_turn({ok("", "Set-Cookie: a=1; Max-Age=60\r\n"), ok(""), ok("")}));
  wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);
  http::client_options options = with_jar();
  options.wall_clock = [&now] { return now; };
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, options);
    co_await client.get("http://h/");
    co_await client.get("http://h/");
    now += 60s;
    co_await client.get("http://h/");
    CHECK(has(peer.requests()[1], "Cookie: a=1"));
    CHECK_FALSE(has(peer.requests()[2], "Cookie"));
  });
}

TEST_CASE("a jar may be used by several threads at once") {
  http::cookie_jar jar;
  const wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);
  const auto work = [&](const std::string& host) {
    const url site = url::parse("https://" + host + "/");
    for (int i = 0; i < 200; ++i) {
      jar.store(site, "n" + std::to_string(i % 10) + "=" + std::to_string(i), now);
      jar.header_for(site, now);
    }
  };
  std::thread other(work, "a.example");
  work("b.example");
  other.join();
  CHECK(jar.size() == 20);
}
