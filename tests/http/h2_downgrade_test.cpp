// Servers that take some requests, or all, over HTTP/1.1 only (HTTP_1_1_REQUIRED; RFC 9113, 7).
#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

/// A connection on which every request, or the connection itself, is turned away.
scripted_peer::script turns_away(bool whole_connection) {
  return [whole_connection](wire& w) -> awaitable<void> {
    h2_peer peer([&](h2_peer& self, std::int32_t id, const h2_peer::request&) {
      if (whole_connection) {
        self.goaway(0, NGHTTP2_HTTP_1_1_REQUIRED);
      } else {
        self.reset(id, NGHTTP2_HTTP_1_1_REQUIRED);
      }
    });
    char buffer[4096];
    for (bool open = true; open;) {
      std::string out = peer.output();
      if (!out.empty()) co_await w.send(std::move(out));
      const net::io_result got = co_await w.stream().read_some(asio::buffer(buffer));
      open = got.ok() && peer.receive({buffer, got.size});
    }
    std::string last = peer.output();
    co_await w.send(std::move(last));
  };
}

http::client knowing(const scripted_peer& peer) {
  http::client_options options;
  options.http_version = http::protocol_choice::http2_prior_knowledge;
  return client_of(peer, options);
}

}  // namespace

TEST_CASE("h2: what a server takes over HTTP/1.1 only is sent so, and the next request at once") {
  for (const bool whole_connection : {false, true}) {
    run_virtual([whole_connection]() -> awaitable<void> {
      scripted_peer peer;
      peer.next(turns_away(whole_connection));
      peer.next(answers(ok("over HTTP/1.1")));
      auto client = knowing(peer);
      http::response got = co_await client.post("http://h/", "body");
      CHECK(got.body() == "over HTTP/1.1");
      CHECK(got.version() == 11);
      got = co_await client.get("http://h/next");
      CHECK(got.version() == 11);
      CHECK(got.timings().reused);
      CHECK(peer.connections() == 2);
      REQUIRE(peer.requests().size() == 2);
      CHECK(peer.requests()[0].starts_with("POST / HTTP/1.1\r\n"));
      CHECK(peer.requests()[0].ends_with("\r\n\r\nbody"));
    });
  }
}

TEST_CASE("h2: a body that can be sent once only is not sent again over HTTP/1.1") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next(turns_away(false));
    auto client = knowing(peer);
    int left = 2;
    http::request::body_source source = [&left]() -> awaitable<std::string> {
      std::string piece = left-- > 0 ? std::string(10, 's') : std::string();
      co_return piece;
    };
    auto what = http::request("PUT", "http://h/").stream(source);
    const std::string outcome = co_await outcome_of(client.send(std::move(what)));
    CHECK(outcome.find("HTTP_1_1_REQUIRED") != outcome.npos);
  });
}
