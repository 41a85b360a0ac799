#include <nlohmann/json_fwd.hpp>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

/// Runs one GET against one connection's script and says what came of it; the pool must be clean then.
std::string get_from(scripted_peer::script script, http::client_options options = {}) {
  scripted_peer peer;
  peer.next(std::move(script));
  return run_virtual([&]() -> awaitable<std::string> {
    http::client client = client_of(peer, options);
    std::string got = co_await outcome_of(client.get("http://h/"));
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
    co_return got;
  });
}

std::string get_text(std::string answer, http::client_options options = {}) {
  return get_from(answers_and_closes(std::move(answer)), options);
}

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

/// Cancels a request in the state that the script and a second have brought it to.
std::string cancel_at(scripted_peer& peer, http::client_options options, http::request what) {
  return run_virtual([&]() -> awaitable<std::string> {
    http::client client = client_of(peer, options);
    bool ended = false;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        try {
          co_await client.send(what);
        } catch (const boost::system::system_error& e) {
          CHECK(e.code() == asio::error::operation_aborted);
          ended = true;
          throw;
        }
      });
      co_await sleep_for(1s);
      group.cancel();
    });
    CHECK(ended);
    std::string pool = co_await pool_of(client);
    co_return pool;
  });
}

}  // namespace

TEST_CASE("bad input is a clear failure of its own class, and leaves the pool clean") {
  CHECK(get_text("") == "connection_lost: GET http://h/: connection lost before the response");
  CHECK(get_text("HTTP/1.1 2") == "connection_lost: GET http://h/: connection lost in the response's header");
  CHECK(get_text("SSH-2.0-OpenSSH\r\n") == "protocol: GET http://h/: the answer is not HTTP");
  CHECK(get_text("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + std::string(1024, 'x')) ==
        "connection_lost: GET http://h/: connection lost after 1,024 of 4,096 body bytes");
  CHECK(get_text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n") ==
        "connection_lost: GET http://h/: connection lost after 5 body bytes");
  CHECK(get_text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n") ==
        "protocol: GET http://h/: broken chunk in the response");
  CHECK(get_text("HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'x')) ==
        "limit_exceeded: GET http://h/: the response's header is too large");
  CHECK(get_text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello") ==
        "decode_failed: GET http://h/: broken gzip data: incorrect header check");
  CHECK(get_text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08") ==
        "decode_failed: GET http://h/: the coded body is cut off");
  scripted_peer nobody;
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(nobody);
    const std::string got = co_await outcome_of(client.get("http://h:81/"));
    CHECK(got == "connect_failed: GET http://h:81/: connect h:81: refused, no script is left");
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
    CHECK_THROWS_AS(client.get("http://"), invalid_url);
  });
}

TEST_CASE("a connection that is reset says how far it got") {
  const std::string got = get_from([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
    co_await sleep_for(1s);
    w.reset();
  });
  CHECK(has(got, "connection_lost: GET http://h/: connection lost after 3 of 10 body bytes ("));
}

TEST_CASE("a body over the limit is refused by its header, or when it gets there") {
  http::client_options options;
  options.limits.body_bytes = 1000;
  CHECK(get_text(ok(std::string(1001, 'x')), options) ==
        "limit_exceeded: GET http://h/: the body of 1,001 bytes is over the limit of 1,000");
  CHECK(get_text("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), options) ==
        "limit_exceeded: GET http://h/: the body is over the limit of 1000 bytes");
}

TEST_CASE("an endless header ends at its limit") {
  const std::string got = get_from([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 200 OK\r\n");
    while (w.stream().is_quiet()) co_await w.send("X-Padding: " + std::string(1000, 'x') + "\r\n");
  });
  CHECK(got == "limit_exceeded: GET http://h/: the response's header is too large");
}

TEST_CASE("each timeout strikes in its phase and says so") {
  const auto hang = [](wire& w) -> awaitable<void> { co_await w.hang(); };
  CHECK(get_from(hang) == "timeout: GET http://h/: timed out after 30 s waiting for the first byte");

  const auto trickle = [](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
      co_await sleep_for(29s);
      co_await w.send("x");
    }
    co_await w.hang();
  };
  http::client_options patient;
  patient.timeouts.total.reset();
  CHECK(get_from(trickle, patient) ==
        "timeout: GET http://h/: timed out after 30 s without a byte moving, after 10 of 1,000 body bytes");
  CHECK(get_from(trickle) == "timeout: GET http://h/: timed out after 120 s in total, after 4 of 1,000 body bytes");

  scripted_peer peer;
  http::client_options options;
  options.connector = [](std::string, std::uint16_t,
                         net::connect_options) -> awaitable<std::unique_ptr<net::transport>> {
    co_await sleep_for(1h);
    co_return nullptr;
  };
  run_virtual([&]() -> awaitable<void> {
    http::client client(options);
    const time_point begin = co_await now();
    std::string got = co_await outcome_of(client.get("http://h/"));
    const time_point end = co_await now();
    CHECK(has(got, "timeout: GET http://h/: "));
    CHECK(has(got, "connect"));
    CHECK(end - begin == 10s);
    http::request hurried = http::request("GET", "http://h/").timeout(3s);
    try {
      co_await client.send(hurried);
      FAIL("no timeout");
    } catch (const timeout_error& e) {
      CHECK(e.phase() == "total");
    }
    const time_point last = co_await now();
    CHECK(last - end == 3s);
  });
}

TEST_CASE("a request that waits for a connection is bounded by the total timeout") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> { co_await w.hang(); });
  http::client_options options;
  options.max_connections_per_host = 1;
  options.timeouts.first_byte = 100s;
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, options);
    std::string first, second;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { first = co_await outcome_of(client.get("http://h/1")); });
      group.spawn([&]() -> awaitable<void> {
        http::request what = http::request("GET", "http://h/2").timeout(5s);
        second = co_await outcome_of(client.send(what));
      });
      co_return;
    });
    CHECK(has(first, "timed out after 100 s waiting for the first byte"));
    CHECK(second == "timeout: GET http://h/2: timed out after 5 s in total, waiting for a free connection");
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("a server that takes no more of a body is given up") {
  scripted_peer peer;
  peer.next([](wire&) -> awaitable<void> { co_await sleep_for(10h); });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    const std::string got = co_await outcome_of(client.put("http://h/", std::string(1'000'000, 'x')));
    CHECK(got == "timeout: PUT http://h/: timed out after 30 s without a byte moving, before the response");
  });
}

TEST_CASE("a cancelled request closes its connection, in every phase") {
  http::client_options one;
  one.max_connections_per_host = 1;
  const http::request get("GET", "http://h/");
  {
    scripted_peer peer;  // connecting
    http::client_options slow;
    slow.connector = nullptr;
    peer.next([](wire& w) -> awaitable<void> { co_await w.hang(); });
    CHECK(cancel_at(peer, one, get) == clean);  // waiting for the first byte
  }
  {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.send("HTTP/1.1 200 OK\r\nA: ");
      co_await w.hang();
    });
    CHECK(cancel_at(peer, one, get) == clean);
  }
  {
    scripted_peer peer;
    peer.next([](wire& w) -> awaitable<void> {
      co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n123");
      co_await w.hang();
    });
    CHECK(cancel_at(peer, one, get) == clean);
  }
  {
    scripted_peer peer;
    peer.next([](wire&) -> awaitable<void> { co_await sleep_for(10h); });
    http::request large("PUT", "http://h/");
    large.body(std::string(1'000'000, 'x'));
    CHECK(cancel_at(peer, one, large) == clean);
  }
}

TEST_CASE("cancelled while connecting or waiting for a connection, a request leaves nothing behind") {
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.max_connections_per_host = 1;
    options.connector = [](std::string, std::uint16_t,
                           net::connect_options) -> awaitable<std::unique_ptr<net::transport>> {
      co_await sleep_for(1h);
      co_return nullptr;
    };
    http::client client(options);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 3; ++i) {
        group.spawn([&]() -> awaitable<void> { co_await client.get("http://h/"); });
      }
      co_await sleep_for(1s);
      const std::string pool = co_await pool_of(client);
      CHECK(pool == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 2]");
      group.cancel();
    });
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("an early answer to a body that the server does not want is heard") {
  const std::string got = get_from([](wire& w) -> awaitable<void> {
    co_await w.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    co_await w.hang();
  });
  CHECK(got == "no");
}
