// The client over HTTP/2, with a server in memory and virtual time.
#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

constexpr auto home = "http://h/";

/// Asks n times at once and counts what went well.
awaitable<std::size_t> ask_many(http::client client, std::size_t count) {
  std::size_t good = 0;
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (std::size_t i = 0; i < count; ++i) {
      group.spawn([&, i]() -> awaitable<void> {
        const std::string path = "/" + std::to_string(i);
        const http::response got = co_await client.get("http://h" + path);
        if (got.body() == path) ++good;
      });
    }
    co_return;
  });
  co_return good;
}

}  // namespace

TEST_CASE("h2: a request and its response") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    http::response got = co_await client.get("http://h/path?q");
    CHECK(got.status() == 200);
    CHECK(got.version() == 20);
    CHECK(got.body() == "/path?q");
    CHECK(got.header("Content-Length") == "7");
    CHECK_FALSE(got.timings().reused);
    const auto& fields = server.at(0).requests().at(1);
    CHECK(fields.field(":authority") == "h");
    CHECK(fields.field("user-agent") == "braid/0.1");
    CHECK(fields.field("host").empty());
    http::response again = co_await client.post("http://h/up", "body", "text/plain");
    CHECK(again.body() == "/upbody");
    CHECK(again.timings().reused);
    CHECK(server.at(0).requests().at(3).field("content-length") == "4");
    CHECK(server.connections() == 1);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: many requests at once share one connection and few writes") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    const std::size_t good = co_await ask_many(client, 100);
    CHECK(good == 100);
    CHECK(server.connections() == 1);
    CHECK(server.reads(0) < 20);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: no more requests at once than the server allows and the others wait") {
  run_virtual([]() -> awaitable<void> {
    std::size_t at_once = 0, most = 0;
    memory_server server(
        [&](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
          say_path(peer, id, what);
          at_once = nghttp2_session_get_outbound_queue_size(peer.native());
          most = std::max(most, at_once);
        },
        3);
    auto client = server.client();
    const http::response first = co_await client.get(home);  // brings the server's settings
    CHECK(first.status() == 200);
    const std::size_t good = co_await ask_many(client, 50);
    CHECK(good == 50);
    CHECK(most <= 3);
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("h2: what the server refused before it told how many it takes is asked again") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path, 2);
    auto client = server.client();
    const std::size_t good = co_await ask_many(client, 30);
    CHECK(good == 30);
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("h2: a second connection when the first is full and two are allowed") {
  run_virtual([]() -> awaitable<void> {
    memory_server server({});
    http::client_options options;
    options.http2.streams = 2;
    options.http2.connections_per_host = 2;
    auto client = server.client(options);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 5; ++i) {
        group.spawn([&]() -> awaitable<void> { co_await client.get(home); });
      }
      co_await sleep_for(1s);
      CHECK(server.connections() == 2);
      const std::string pool = co_await pool_of(client);
      CHECK(pool == "[hosts: 1 | connections: 2 active, 0 idle | waiting: 1]");
      group.cancel();
    });
  });
}

TEST_CASE("h2: a body in pieces, a large body and HEAD") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      const std::string size = std::to_string(what.body.size());
      if (what.field(":method") == "HEAD") {
        peer.headers(id, {{":status", "200"}, {"content-length", "1000"}}, true);
      } else {
        peer.respond(id, {{":status", "200"}, {"x-length", what.field("content-length")}}, size);
      }
    });
    auto client = server.client();
    int left = 5;
    http::request::body_source source = [&left]() -> awaitable<std::string> {
      co_await sleep_for(1s);
      co_return left-- > 0 ? std::string(100'000, 'x') : std::string();
    };
    auto request = http::request("PUT", home).stream(source);
    http::response got = co_await client.send(std::move(request));
    CHECK(got.body() == "500000");
    CHECK(got.header("x-length") == "");
    const std::string large(3'000'000, 'y');
    got = co_await client.post(home, large);
    CHECK(got.body() == "3000000");
    CHECK(got.header("x-length") == "3000000");
    got = co_await client.head(home);
    CHECK(got.body().empty());
    CHECK(got.header("content-length") == "1000");
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("h2: a source that gives less than it said is the caller's mistake and resets its stream") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    bool asked = false;
    http::request::body_source source = [&asked]() -> awaitable<std::string> {
      std::string piece = std::exchange(asked, true) ? "" : "abc";
      co_return piece;
    };
    auto request = http::request("PUT", home).stream(source, 5);
    const std::string outcome = co_await outcome_of(client.send(std::move(request)));
    CHECK(outcome == "invalid_argument: PUT http://h/: the body's source does not give the length that it named");
    co_await client.get(home);
    CHECK(server.connections() == 1);
    CHECK(server.at(0).resets().size() == 1);
  });
}

TEST_CASE("h2: a reader that takes its time holds up nobody else") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      peer.respond(id, {{":status", "200"}}, std::string(what.field(":path") == "/slow" ? 5'000'000 : 50'000, 'x'));
    });
    http::client_options options;
    options.http2.window = 100'000;
    auto client = server.client(options);
    auto ask = http::request("GET", "http://h/slow");
    http::response_stream slow = co_await client.stream(std::move(ask));
    for (int i = 0; i < 100; ++i) {
      const http::response fast = co_await client.get("http://h/fast");
      CHECK(fast.body().size() == 50'000);
    }
    const std::string all = co_await slow.read_all();
    CHECK(all.size() == 5'000'000);
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("h2: a request that is cancelled leaves the connection to the others") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      if (what.field(":path") == "/never") return;
      say_path(peer, id, what);
    });
    auto client = server.client();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 10; ++i) {
        group.spawn([&]() -> awaitable<void> { co_await client.get("http://h/never"); });
      }
      co_await sleep_for(1s);
      group.cancel();
    });
    const http::response got = co_await client.get("http://h/after");
    CHECK(got.body() == "/after");
    CHECK(got.timings().reused);
    CHECK(server.connections() == 1);
    CHECK(server.at(0).resets().size() == 10);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: a body that nobody reads to its end is reset") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request&) {
      peer.respond(id, {{":status", "200"}}, std::string(5'000'000, 'x'));
    });
    auto client = server.client();
    {
      auto ask = http::request("GET", home);
      http::response_stream half = co_await client.stream(std::move(ask));
      const std::string_view piece = co_await half.read_some();
      CHECK_FALSE(piece.empty());
    }
    co_await sleep_for(1s);
    CHECK(server.at(0).resets().at(1) == NGHTTP2_CANCEL);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: time-outs and limits hold as they do for HTTP/1.1") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      const std::string path = what.field(":path");
      if (path == "/silent") return;
      if (path == "/stalls") peer.keep_open(id);
      peer.respond(id, {{":status", "200"}}, std::string(path == "/large" ? 20'000 : 1'024, 'x'));
    });
    http::client_options options;
    options.limits.body_bytes = 10'000;
    auto client = server.client(options);
    std::string outcome = co_await outcome_of(client.get("http://h/silent"));
    CHECK(outcome == "timeout: GET http://h/silent: timed out after 30 s waiting for the first byte");
    outcome = co_await outcome_of(client.get("http://h/stalls"));
    CHECK(outcome ==
          "timeout: GET http://h/stalls: timed out after 30 s without a byte moving, after 1,024 body bytes");
    outcome = co_await outcome_of(client.get("http://h/large"));
    CHECK(outcome == "limit_exceeded: GET http://h/large: the body is over the limit of 10000 bytes");
    auto hurried = http::request("GET", "http://h/silent").timeout(2s);
    outcome = co_await outcome_of(client.send(std::move(hurried)));
    CHECK(outcome == "timeout: GET http://h/silent: timed out after 2 s in total, before the response");
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("h2: redirects are followed on the same connection") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      if (what.field(":path") != "/old") return say_path(peer, id, what);
      peer.respond(id, {{":status", "302"}, {"location", "/new"}}, "moved");
    });
    auto client = server.client();
    const http::response got = co_await client.get("http://h/old");
    CHECK(got.body() == "/new");
    CHECK(got.history().at(0).version == 20);
    CHECK(server.connections() == 1);
  });
}
