#include "client_fixture.hpp"

#include <nlohmann/json.hpp>

using namespace client_tests;

TEST_CASE("a kept connection serves request after request") {
  scripted_peer peer;
  peer.next(answers(ok("hello")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    for (int i = 0; i < 3; ++i) {
      http::response got = co_await client.get("http://h/" + std::to_string(i));
      CHECK(got.status() == 200);
      CHECK(got.ok());
      CHECK(got.reason() == "OK");
      CHECK(got.body() == "hello");
      CHECK(got.header("content-length") == "5");
      CHECK(got.timings().reused == (i > 0));
      const std::string pool = co_await pool_of(client);
      CHECK(pool == one_idle);
    }
    CHECK(peer.connections() == 1);
    CHECK(peer.targets()[0] == "h:80");
  });
}

TEST_CASE("a kept connection that breaks costs a repetition, unless that is not wanted") {
  const auto breaks = [](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send(ok("a"));
    co_await w.read_request();
  };
  for (const bool repeats : {true, false}) {
    scripted_peer peer;
    peer.next(breaks).next(answers(ok("b")));
    run_virtual([&]() -> awaitable<void> {
      http::client_options options;
      options.repeat_on_stale = repeats;
      http::client client = client_of(peer, options);
      const http::response first = co_await client.get("http://h/1");
      CHECK(first.body() == "a");
      const std::string outcome = co_await outcome_of(client.get("http://h/2"));
      if (!repeats) CHECK_THAT(outcome, Catch::StartsWith("connection_lost"));
      CHECK(peer.connections() == (repeats ? 2 : 1));
      const http::response last = co_await client.get("http://h/3");
      CHECK(last.body() == "b");
      CHECK(peer.connections() == 2);
    });
  }
}

TEST_CASE("bodies arrive whole however they are framed and cut up") {
  const std::string large(300'000, 'x');
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n" + large.substr(200'000) +
                              "\r\n30d40\r\n" + large.substr(100'000) + "\r\n0\r\n\r\n";
  const std::string until_close = "HTTP/1.1 200 OK\r\n\r\n" + large;
  for (const std::size_t cut : {100, 1000, 1'000'000}) {
    const auto in_pieces = [cut](const std::string& text) -> scripted_peer::script {
      return [text, cut](wire& w) -> awaitable<void> {
        co_await w.read_request();
        for (std::size_t at = 0; at < text.size(); at += cut) {
          co_await w.send(text.substr(at, cut));
          co_await yield();
        }
        if (text.starts_with("HTTP/1.1 200 OK\r\n\r\n")) co_return;
        co_await w.hang();
      };
    };
    scripted_peer peer;
    peer.next(in_pieces(ok(large))).next(in_pieces(chunked)).next(in_pieces(until_close));
    run_virtual([&]() -> awaitable<void> {
      http::client client = client_of(peer);
      for (const char* host : {"http://length/", "http://chunked/", "http://close/"}) {
        http::response got = co_await client.get(host);
        CHECK(got.body().size() == large.size());
        CHECK(got.body() == large);
      }
      const std::string pool = co_await pool_of(client);
      CHECK(pool == "[hosts: 2 | connections: 0 active, 2 idle | waiting: 0]");
    });
  }
}

TEST_CASE("HEAD, 204, 304 and 1xx leave the connection where the next response begins") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
    for (const char* text :
         {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
          "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz"}) {
      co_await w.read_request();
      co_await w.send(text);
    }
    co_await w.hang();
  });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response head = co_await client.head("http://h/");
    CHECK(head.header("Content-Length") == "500");
    http::response none = co_await client.get("http://h/");
    CHECK(none.status() == 204);
    http::response same = co_await client.get("http://h/");
    CHECK(same.status() == 304);
    http::response last = co_await client.get("http://h/");
    CHECK(last.body() == "z");
    CHECK(peer.connections() == 1);
  });
}

TEST_CASE("what cannot be shared is not kept: Connection: close, bytes nobody asked for, HTTP/1.0") {
  scripted_peer peer;
  peer.next(answers(ok("a", "Connection: close\r\n")))
      .next(answers(ok("b") + "HTTP/1.1 200 stray"))
      .next(answers("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nc"))
      .next(answers(ok("d")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    for (const char* body : {"a", "b", "c", "d"}) {
      http::response got = co_await client.get("http://h/");
      CHECK(got.body() == body);
    }
    http::request closing = http::request("GET", "http://h/").header("Connection", "close");
    http::response got = co_await client.send(std::move(closing));
    CHECK(got.body() == "d");
    CHECK(peer.connections() == 4);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("a connection that was closed while it rested is replaced, once, where that is safe", "[curl-cve]") {
  scripted_peer peer;
  peer.always(answers_and_closes(ok("x")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    for (int i = 0; i < 5; ++i) {
      http::response got = co_await client.get("http://h/");
      CHECK(got.body() == "x");
    }
    CHECK(peer.connections() == 5);
    // POST may not be sent twice, so it looks before it takes a connection.
    http::response got = co_await client.post("http://h/", "body");
    CHECK(got.body() == "x");
    CHECK(peer.connections() == 6);
  });
}

TEST_CASE("a connection that dies after the request was read is stale only for what may be repeated", "[curl-cve]") {
  scripted_peer peer;
  const auto dies_on_second = [](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send(ok("x"));
    co_await w.read_request();
  };
  peer.next(dies_on_second).next(dies_on_second).next(answers_and_closes(""));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    co_await client.get("http://h/");
    http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "x");  // on the second connection
    const std::string post = co_await outcome_of(client.post("http://h/", "b"));
    CHECK(post == "connection_lost: POST http://h/: connection lost before the response");
    const std::string fresh = co_await outcome_of(client.get("http://h/"));
    CHECK(fresh == "connection_lost: GET http://h/: connection lost before the response");
    CHECK(peer.connections() == 3);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("no more connections than allowed; the others wait their turn, in order") {
  scripted_peer peer;
  peer.always([](wire& w) -> awaitable<void> {
    for (;;) {
      const std::string request = co_await w.read_request();
      if (request.empty()) co_return;
      co_await sleep_for(1s);
      co_await w.send(ok(request.substr(5, 1)));
    }
  });
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.max_connections_per_host = 2;
    http::client client = client_of(peer, options);
    std::string order;
    const time_point begin = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 6; ++i) {
        group.spawn([&, i]() -> awaitable<void> {
          http::response got = co_await client.get("http://h/" + std::to_string(i));
          order += got.body();
        });
      }
      co_await sleep_for(500ms);
      const std::string pool = co_await pool_of(client);
      CHECK(pool == "[hosts: 1 | connections: 2 active, 0 idle | waiting: 4]");
    });
    const time_point end = co_await now();
    CHECK(end - begin == 3s);
    CHECK(order == "012345");
    CHECK(peer.connections() == 2);
  });
}

TEST_CASE("a connection rests no longer than its server says") {
  scripted_peer peer;
  peer.always(answers(ok("x", "Keep-Alive: timeout=5, max=100\r\n")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    for (int i = 0; i < 3; ++i) {
      const http::response got = co_await client.get("http://a/");
      CHECK(got.status() == 200);
      co_await sleep_for(3s);
    }
    CHECK(peer.connections() == 1);
    co_await sleep_for(900ms);
    std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
    co_await sleep_for(2s);  // a second before the server would close it, but not more often than once a second
    pool = co_await pool_of(client);
    CHECK(pool == clean);
    CHECK(peer.open() == 0);
  });
}

TEST_CASE("a connection is not used again close to the end that its server gave it") {
  scripted_peer peer;
  peer.next(answers(ok("x", "Keep-Alive: timeout=2\r\n")));
  peer.next(answers(ok("y", "Keep-Alive: max=0\r\n")));
  peer.next(answers(ok("z", "Keep-Alive: timeout=4000000000\r\n")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response got = co_await client.get("http://a/");
    CHECK(got.body() == "x");
    co_await sleep_for(1s);
    got = co_await client.get("http://a/");
    CHECK(got.body() == "y");
    got = co_await client.get("http://a/");
    CHECK(got.body() == "z");
    co_await sleep_for(59s);
    got = co_await client.get("http://a/");
    CHECK(got.body() == "z");
    co_await sleep_for(61s);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("idle connections are closed when their time is over, and with the client") {
  scripted_peer peer;
  peer.always(answers(ok("x")));
  run_virtual([&]() -> awaitable<void> {
    {
      http::client client = client_of(peer);
      co_await client.get("http://a/");
      co_await sleep_for(40s);
      co_await client.get("http://b/");
      std::string pool = co_await pool_of(client);
      CHECK(pool == "[hosts: 2 | connections: 0 active, 2 idle | waiting: 0]");
      co_await sleep_for(30s);
      pool = co_await pool_of(client);
      CHECK(pool == one_idle);
      CHECK(peer.open() == 1);
    }
    co_await sleep_for(1s);
    CHECK(peer.open() == 0);
  });
}

TEST_CASE("request bodies go out with their length or in chunks") {
  scripted_peer peer;
  peer.always(answers(ok("x")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    co_await client.post("http://h/", "short", "text/plain");
    CHECK(peer.requests().back().ends_with("Content-Length: 5\r\n\r\nshort"));
    const std::string large(100'000, 'y');
    co_await client.put("http://h/", large);
    CHECK(peer.requests().back().ends_with("Content-Length: 100000\r\n\r\n" + large));

    int left = 2;
    const auto source = [&left]() -> awaitable<std::string> {
      co_await sleep_for(1s);
      co_return left-- > 0 ? std::string(20, 'z') : std::string();
    };
    http::request chunks("POST", "http://h/");
    chunks.stream(source);
    co_await client.send(std::move(chunks));
    const std::string piece = "14\r\n" + std::string(20, 'z') + "\r\n";
    CHECK(peer.requests().back().ends_with("chunked\r\n\r\n" + piece + piece + "0\r\n\r\n"));
    left = 2;
    http::request sized("POST", "http://h/");
    sized.stream(source, 40);
    co_await client.send(std::move(sized));
    CHECK(peer.requests().back().ends_with("Content-Length: 40\r\n\r\n" + std::string(40, 'z')));
    left = 2;
    http::request wrong("POST", "http://h/");
    wrong.stream(source, 50);
    const std::string got = co_await outcome_of(client.send(std::move(wrong)));
    CHECK(got == "invalid_argument: POST http://h/: the body's source does not give the length that it named");
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("raise_for_status and json say what is wrong") {
  scripted_peer peer;
  peer.next(answers("HTTP/1.1 404 Gone Fishing\r\nContent-Length: 9\r\n\r\n{\"a\": [1}"));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response got = co_await client.get("http://u:secret@h/x");
    CHECK_FALSE(got.ok());
    CHECK_THROWS_WITH(got.raise_for_status(), "GET http://h/x: 404 Gone Fishing");
    CHECK_THROWS_AS(got.raise_for_status(), status_error);
    CHECK_THROWS_WITH(got.json(), "GET http://h/x: the body is not JSON (byte 9 of 9)");
  });
}

TEST_CASE("a stream gives the head first, then the body piece by piece") {
  scripted_peer peer;
  peer.always([](wire& w) -> awaitable<void> {
    for (;;) {
      const std::string request = co_await w.read_request();
      if (request.empty()) co_return;
      co_await w.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 3; ++i) {
        co_await sleep_for(1s);
        co_await w.send("3\r\nab" + std::to_string(i) + "\r\n");
      }
      co_await w.send("0\r\n\r\n");
    }
  });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::request what("GET", "http://h/");
    http::response_stream stream = co_await client.stream(what);
    CHECK(stream.status() == 200);
    std::string pool = co_await pool_of(client);
    CHECK(pool == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
    std::string all;
    for (;;) {
      const std::string_view piece = co_await stream.read_some();
      if (piece.empty()) break;
      CHECK(piece.size() == 3);
      all += piece;
    }
    CHECK(all == "ab0ab1ab2");
    const std::string_view after = co_await stream.read_some();
    CHECK(after.empty());
    pool = co_await pool_of(client);
    CHECK(pool == one_idle);

    stream = co_await client.stream(what);
    (void)co_await stream.read_some();
    stream = http::response_stream();  // left early
    pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}
