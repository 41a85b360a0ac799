#include "client_fixture.hpp"

using namespace client_tests;

namespace {

std::string to(std::string location, int status = 302, std::string body = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + location +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

/// Answers by the request's path.
scripted_peer::script site(std::vector<std::pair<std::string, std::string>> pages) {
  return [pages](wire& w) -> awaitable<void> {
    for (;;) {
      const std::string request = co_await w.read_request();
      if (request.empty()) co_return;
      const std::size_t begin = request.find(' ') + 1;
      const std::string path = request.substr(begin, request.find(' ', begin) - begin);
      std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
      for (const auto& [name, page] : pages) {
        if (name == path) answer = page;
      }
      co_await w.send(answer);
    }
  };
}

}  // namespace

TEST_CASE("redirects are followed on the same connection, with a history") {
  scripted_peer peer;
  peer.always(site({{"/a", to("/b", 301, "gone")}, {"/b", to("c?d=1")}, {"/c?d=1", ok("end")}}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response got = co_await client.get("http://h/a");
    CHECK(got.body() == "end");
    CHECK(got.url().str() == "http://h/c?d=1");
    REQUIRE(got.history().size() == 2);
    CHECK(got.history()[0].status == 301);
    CHECK(got.history()[0].url.str() == "http://h/a");
    CHECK(peer.connections() == 1);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a redirect loop ends at the limit") {
  scripted_peer peer;
  peer.always(answers(to("/again")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    const std::string got = co_await outcome_of(client.get("http://h/"));
    CHECK(got == "redirect_failed: GET http://h/again: more than 10 redirects, the last one to http://h/again");
    CHECK(peer.requests().size() == 11);
    http::client_options plain;
    plain.follow_redirects = false;
    http::client as_is = client_of(peer, plain);
    http::response first = co_await as_is.get("http://h/");
    CHECK(first.status() == 302);
  });
}

TEST_CASE("a redirect that leads nowhere is an error") {
  scripted_peer peer;
  peer.always(answers(to("http://a b/")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    const std::string got = co_await outcome_of(client.get("http://h/"));
    CHECK(got == "redirect_failed: GET http://h/: redirected to \"http://a b/\", which is no URL");
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("methods and bodies follow as browsers have it") {
  scripted_peer peer;
  peer.always(
      site({{"/302", to("/end", 302)}, {"/303", to("/end", 303)}, {"/307", to("/end", 307)}, {"/end", ok("x")}}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    co_await client.post("http://h/302", "body", "text/plain");
    CHECK(peer.requests().back().starts_with("GET /end "));
    CHECK_FALSE(has(peer.requests().back(), "Content-"));
    co_await client.put("http://h/302", "body");
    CHECK(peer.requests().back().starts_with("PUT /end "));
    co_await client.put("http://h/303", "body");
    CHECK(peer.requests().back().starts_with("GET /end "));
    co_await client.post("http://h/307", "body", "text/plain");
    CHECK(peer.requests().back().starts_with("POST /end "));
    CHECK(peer.requests().back().ends_with("\r\n\r\nbody"));
    http::request once("POST", "http://h/307");
    once.stream([]() -> awaitable<std::string> { co_return std::string(); });
    const std::string got = co_await outcome_of(client.send(std::move(once)));
    CHECK(got == "redirect_failed: POST http://h/307: redirected to http://h/end, but the body can be sent once only");
  });
}

TEST_CASE("credentials never follow to another origin") {
  scripted_peer peer;
  peer.always(site({{"/", to("http://other/x")}, {"/same", to("/x")}, {"/x", ok("x")}, {"/back", to("http://h/x")}}));
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.default_headers.add("Cookie", "default=secret");
    http::client client = client_of(peer, options);
    http::request what("GET", "http://h/");
    what.header("Authorization", "secret").header("X-Mine", "1").header("Host", "virtual");
    co_await client.send(what);
    REQUIRE(peer.requests().size() == 2);
    CHECK(has(peer.requests()[0], "Authorization: secret"));
    CHECK(has(peer.requests()[0], "Host: virtual"));
    CHECK_FALSE(has(peer.requests()[1], "secret"));
    CHECK(has(peer.requests()[1], "Host: other\r\n"));
    CHECK(has(peer.requests()[1], "X-Mine: 1"));
    http::request same("GET", "http://h/same");
    same.header("Authorization", "secret");
    co_await client.send(same);
    CHECK(has(peer.requests().back(), "Authorization: secret"));
    co_await client.get("http://user:word@h/");
    CHECK(has(peer.requests()[peer.requests().size() - 2], "Authorization: Basic"));
    CHECK_FALSE(has(peer.requests().back(), "Authorization"));
  });
}

TEST_CASE("a long body of a redirect is not waited for") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 302 Moved\r\nLocation: /x\r\nContent-Length: 1000000\r\n\r\n" + std::string(60'000, 'x'));
    while (w.stream().is_quiet()) {
      co_await w.send(std::string(10'000, 'x'));
      co_await sleep_for(1s);
    }
  });
  peer.next(answers(ok("end")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "end");
    CHECK(peer.connections() == 2);
  });
}
