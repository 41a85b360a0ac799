#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/testing/run_virtual.hpp>
#include <braid/testing/scripted_peer.hpp>
#include <catch2/catch.hpp>

using namespace braid;
using testing::scripted_peer;
using testing::wire;

TEST_CASE("a scripted peer plays a script for each connection and keeps what it was sent") {
  testing::run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      co_await w.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\none");
    });
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.read_request();
      w.reset();
    });
    http::client_options options;
    options.connector = peer.connector();
    const http::client client(options);
    const http::response first = co_await client.post("http://a/", "question");
    CHECK(first.body() == "one");
    int lost = 0, refused = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        co_await client.get("https://b/");
      } catch (const connection_lost&) {
        ++lost;
      } catch (const connect_error&) {
        ++refused;  // no script is left
      }
    }
    CHECK(lost == 1);
    CHECK(refused == 1);
    CHECK(peer.connections() == 3);
    CHECK(peer.targets().back() == "b:443");
    REQUIRE(peer.requests().size() == 2);
    CHECK(peer.requests()[0].starts_with("POST / HTTP/1.1\r\n"));
    CHECK(peer.requests()[0].ends_with("\r\n\r\nquestion"));
    CHECK(peer.open() == 0);
  });
}

TEST_CASE("a scripted peer that answers all does so on each connection until the client goes") {
  testing::run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always([](wire& w) { return w.answer_all("HTTP/1.1 204 No Content\r\n\r\n"); });
    http::client_options options;
    options.connector = peer.connector();
    const http::client client(options);
    for (const char* address : {"http://a/1", "http://a/2", "http://b/3"}) {
      const http::response got = co_await client.get(address);
      CHECK(got.status() == 204);
    }
    CHECK(peer.connections() == 2);
    CHECK(peer.requests().size() == 3);
    CHECK(peer.open() == 2);
    co_await client.close();
  });
}
