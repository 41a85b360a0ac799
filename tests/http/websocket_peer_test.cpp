#include <set>

#include <braid/runtime/timeout.hpp>

#include "websocket_fixture.hpp"

// WebSockets with scripted peers, good and bad.

using namespace websocket_tests;

namespace {

/// What comes of receiving once from a peer that opens and then sends these bytes.
std::string received_from(const std::string& bytes, http::websocket_options options = {}) {
  scripted_peer peer;
  peer.next(opens_and_sends(bytes));
  return run_virtual([&]() -> awaitable<std::string> {
    http::client client = client_of(peer);
    http::websocket socket = co_await client.websocket("ws://h/", options);
    std::string got = co_await next_of(socket);
    co_return got;
  });
}

std::string opening_with(std::function<std::string(const std::string&)> answer, http::websocket_options options = {}) {
  scripted_peer peer;
  peer.next([answer](wire& w) -> awaitable<void> {
    const std::string request = co_await w.read_request();
    co_await w.send(answer(request));
  });
  return run_virtual([&]() -> awaitable<std::string> {
    http::client client = client_of(peer);
    std::string got = co_await refusal_of(client.websocket("ws://h/chat", options));
    co_return got;
  });
}

bool begins(const std::string& text, const std::string& with) { return text.starts_with(with); }

}  // namespace

TEST_CASE("a WebSocket opens with the client's fields and those of its options") {
  scripted_peer peer;
  peer.next(opens([](wire& w) -> awaitable<void> { co_await w.hang(); }, "Sec-WebSocket-Protocol: two\r\n"));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::websocket_options options;
    options.protocols = {"one", "two"};
    options.fields.add("Origin", "http://page");
    http::websocket socket = co_await client.websocket("ws://user:secret@h:81/chat?room=1", options);
    CHECK(socket.protocol() == "two");
    CHECK(socket.fields().get("Upgrade") == "websocket");
  });
  CHECK(peer.targets()[0] == "h:81");
  const std::string& request = peer.requests()[0];
  CHECK(begins(request, "GET /chat?room=1 HTTP/1.1\r\nHost: h:81\r\n"));
  for (const char* field : {"Upgrade: websocket\r\n", "Sec-WebSocket-Version: 13\r\n", "Origin: http://page\r\n",
                            "Sec-WebSocket-Protocol: one, two\r\n", "User-Agent: braid/", "Authorization: Basic "}) {
    INFO(field);
    CHECK(request.find(field) != request.npos);
  }
  CHECK(request.find("Accept-Encoding") == request.npos);
  CHECK(request.find("Sec-WebSocket-Extensions") == request.npos);
}

TEST_CASE("an answer that opens no WebSocket is refused") {
  CHECK(
      begins(opening_with([](auto&) { return ok("<p>"); }), "bad_status: ws://h/chat: 200 OK instead of a WebSocket"));
  CHECK(begins(opening_with([](auto&) { return "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"; }), "bad_status: "));
  CHECK(begins(
      opening_with([](auto&) { return "HTTP/1.1 302 Found\r\nLocation: ws://other/\r\nContent-Length: 0\r\n\r\n"; }),
      "bad_status: ws://h/chat: 302 Found instead of a WebSocket, a redirect to ws://other/, which is not followed"));
  const auto wrong_accept = [](const std::string&) { return switching("Sec-WebSocket-Key: AAAA\r\n"); };
  CHECK(begins(opening_with(wrong_accept), "protocol: "));
  const auto unasked_protocol = [](const std::string& r) { return switching(r, "Sec-WebSocket-Protocol: x\r\n"); };
  CHECK(begins(opening_with(unasked_protocol), "protocol: ws://h/chat: the server chose the protocol \"x\""));
  const auto unasked_extension = [](const std::string& r) {
    return switching(r, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  };
  CHECK(begins(opening_with(unasked_extension), "protocol: ws://h/chat: the server uses an extension"));
  CHECK(begins(opening_with([](auto&) { return std::string(); }), "connection_lost: "));
  CHECK(begins(opening_with([](auto&) { return "SSH-2.0-OpenSSH\r\n\r\n"; }), "protocol: "));
  http::websocket_options upgrading;
  upgrading.fields.add("sec-websocket-key", "mine");
  CHECK(begins(opening_with([](auto&) { return std::string(); }, upgrading), "invalid_argument: "));
}

TEST_CASE("a peer that breaks the framing rules fails the WebSocket", "[curl-cve]") {
  CHECK(received_from(frame(text_frame, "hello")) == "hello");
  CHECK(received_from(frame(0x01, "hel") + frame(ping_frame, "p") + frame(0x80, "lo")) == "hello");
  const std::string masked("\x81\x82\x01\x02\x03\x04hi", 8);
  CHECK(begins(received_from(masked), "protocol: "));
  CHECK(begins(received_from(frame(0xc1, "reserved bit")), "protocol: "));
  CHECK(begins(received_from(frame(0x83, "reserved kind")), "protocol: "));
  CHECK(begins(received_from(frame(0x80, "continues nothing")), "protocol: "));
  CHECK(begins(received_from(frame(0x01, "a") + frame(text_frame, "b")), "protocol: "));
  CHECK(begins(received_from(frame(0x09, "ping in pieces")), "protocol: "));
  CHECK(begins(received_from(frame(ping_frame, std::string(126, 'x'))), "protocol: "));
  CHECK(begins(received_from(frame(text_frame, "\xff\xfe")), "protocol: "));
  CHECK(begins(received_from(frame(close_frame, "x")), "protocol: "));
  CHECK(received_from(frame(close_frame, "")) == "closed 1005 ");
  CHECK(received_from(frame(close_frame, "\x03\xe9going")) == "closed 1001 going");
}

TEST_CASE("a message over the limit fails the WebSocket, in one frame or in many") {
  http::websocket_options options;
  options.message_bytes = 100;
  CHECK(received_from(frame(binary_frame, std::string(100, 'x')), options) == std::string(100, 'x'));
  CHECK(begins(received_from(frame(binary_frame, std::string(101, 'x')), options), "limit_exceeded: "));
  std::string many = frame(0x02, std::string(60, 'x')) + frame(0x00, std::string(60, 'x'));
  CHECK(begins(received_from(many, options), "limit_exceeded: "));
  // Announced, and not sent.
  CHECK(
      begins(received_from(std::string("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10), options), "limit_exceeded: "));
}

TEST_CASE("a message of small frames comes through, and one of empty frames without end fails the WebSocket") {
  std::string small = frame(0x01, "x");
  for (int i = 0; i < 20'000; ++i) small += frame(0x00, "x");
  CHECK(received_from(small + frame(0x80, "")) == std::string(20'001, 'x'));
  std::string empty = frame(0x01, "");
  for (int i = 0; i < 200'000; ++i) empty += frame(0x00, "");
  CHECK(begins(received_from(empty), "limit_exceeded: ws://h/: receiving: frames that bring nothing on"));
  std::string between = frame(0x01, "some");
  for (int i = 0; i < 500; ++i) between += frame(0x00, "");
  CHECK(received_from(between + frame(0x80, "thing")) == "something");
}

TEST_CASE("pings are answered while a message is awaited, and a flood of them ends the WebSocket", "[curl-cve]") {
  scripted_peer peer;
  std::string answers;
  peer.next(opens([&](wire& w) -> awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      const std::string ping = frame(ping_frame, std::to_string(i));
      co_await w.send(ping);
      const seen_frame pong = co_await read_frame(w);
      CHECK(pong.head == pong_frame);
      CHECK(pong.masked);
      answers += pong.payload;
    }
    const std::string bye = frame(text_frame, "done");
    co_await w.send(bye);
    co_await w.hang();
  }));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::websocket socket = co_await client.websocket("ws://h/");
    const std::string got = co_await next_of(socket);
    CHECK(got == "done");
  });
  CHECK(answers == "012");

  std::string flood;
  for (int i = 0; i < 101; ++i) flood += frame(ping_frame, "");
  CHECK(begins(received_from(flood), "limit_exceeded: ws://h/: receiving: more than 100 control frames"));
  flood.erase(0, 2);
  CHECK(received_from(flood + frame(text_frame, "enough")) == "enough");
}

TEST_CASE("each frame of a client has a mask of its own that does not repeat", "[curl-cve]") {
  constexpr std::size_t frames = 200;
  scripted_peer peer;
  std::set<std::string> masks;
  const auto reads_frames = [&](wire& w) -> awaitable<void> {
    for (std::size_t i = 0; i < frames; ++i) {
      const seen_frame seen = co_await read_frame(w);
      CHECK(seen.payload == "same");
      masks.insert(seen.mask);
    }
  };
  peer.next(opens(reads_frames)).next(opens(reads_frames));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    for (int connection = 0; connection < 2; ++connection) {
      http::websocket socket = co_await client.websocket("ws://h/");
      for (std::size_t i = 0; i < frames; ++i) co_await socket.send("same");
      const std::string end = co_await next_of(socket);
      CHECK(begins(end, "connection_lost: "));
    }
  });
  CHECK(masks.size() > 2 * frames - 3);  // 32 bits each: two alike are possible, hardly more
}

TEST_CASE("a peer that reads no pongs makes the client store none", "[curl-cve]") {
  scripted_peer peer;
  std::size_t unread = 0;
  peer.next(opens([&](wire& w) -> awaitable<void> {
    const std::string ping = frame(ping_frame, std::string(125, 'x'));
    std::size_t sent = 0;
    while (sent < 100'000) {
      const net::io_result wrote = co_await w.stream().write(asio::buffer(ping));
      if (!wrote.ok()) break;
      ++sent;
    }
    unread = sent * ping.size();
  }));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::websocket_options options;
    options.control_frames = 1'000'000;
    http::websocket socket = co_await client.websocket("ws://h/", options);
    const std::string got = co_await next_of(socket);
    CHECK(begins(got, "timeout: "));
  });
  CHECK(unread < 1u << 20);  // what the two directions hold, and no more was taken
}

TEST_CASE("a silent peer is pinged and then given up, and one that says nothing useful is late") {
  scripted_peer peer;
  peer.next(opens([](wire& w) -> awaitable<void> {
        const seen_frame ping = co_await read_frame(w);
        CHECK(ping.head == ping_frame);
        const std::string pong = frame(pong_frame, ping.payload);
        co_await w.send(pong);
        co_await w.hang();
      }))
      .next(opens([](wire& w) -> awaitable<void> {
        for (;;) {
          const seen_frame ping = co_await read_frame(w);
          if (ping.head != ping_frame) co_return;
          const std::string pong = frame(pong_frame, ping.payload);
          co_await w.send(pong);
        }
      }));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    time_point before = co_await now();
    http::websocket socket = co_await client.websocket("ws://h/");
    std::string got = co_await next_of(socket);
    CHECK(got == "timeout: ws://h/: receiving: no sign of life");
    time_point after = co_await now();
    CHECK(after - before == 35s);
    http::websocket_options options;
    options.idle = 10min;
    http::websocket other = co_await client.websocket("ws://h/", options);
    before = co_await now();
    got = co_await next_of(other);
    CHECK(got == "timeout: ws://h/: receiving: no message in time");
    after = co_await now();
    CHECK(after - before == 10min);
  });
}

TEST_CASE("a peer that does not read makes a send late, and one that does not answer makes an opening late") {
  scripted_peer peer;
  peer.next(opens([](wire& w) -> awaitable<void> { co_await sleep_for(1h), co_await w.hang(); }))
      .next([](wire& w) -> awaitable<void> {
        co_await w.read_request();
        co_await w.hang();
      });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::websocket socket = co_await client.websocket("ws://h/");
    std::string failure;
    const time_point before = co_await now();
    try {
      co_await socket.send_binary(std::string(1 << 20, 'x'));
    } catch (const timeout_error& e) {
      failure = e.phase();
    }
    CHECK(failure == "send");
    const time_point after = co_await now();
    CHECK(after - before == 30s);
    const std::string refusal = co_await refusal_of(client.websocket("ws://h/"));
    CHECK(refusal == "timeout: ws://h/: opening: no answer in time");
  });
}

TEST_CASE("a cancelled receive loses no message, and a cancelled opening leaves nothing") {
  scripted_peer peer;
  peer.next(opens([](wire& w) -> awaitable<void> {
        const std::string whole = frame(text_frame, "late but whole");
        co_await w.send(whole.substr(0, 7));
        co_await sleep_for(5s);
        co_await w.send(whole.substr(7));
        co_await w.hang();
      }))
      .next([](wire& w) -> awaitable<void> {
        co_await w.read_request();
        co_await w.hang();
      });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::websocket socket = co_await client.websocket("ws://h/");
    for (int i = 0; i < 4; ++i) {
      bool late = false;
      try {
        auto receiving = socket.receive();
        co_await with_timeout(1s, std::move(receiving));
      } catch (const timeout_error&) {
        late = true;
      }
      CHECK(late);
    }
    const std::string got = co_await next_of(socket);
    CHECK(got == "late but whole");
    bool late = false;
    try {
      auto opening = client.websocket("ws://h/");
      http::websocket never = co_await with_timeout(1s, std::move(opening));
    } catch (const timeout_error&) {
      late = true;
    }
    CHECK(late);
    co_await sleep_for(1s);
    CHECK(peer.open() == 1);
  });
}

TEST_CASE("closing says goodbye, and does not wait for ever for the answer") {
  scripted_peer peer;
  std::string said;
  peer.next(opens([&](wire& w) -> awaitable<void> {
        const seen_frame bye = co_await read_frame(w);
        CHECK(bye.head == close_frame);
        said = bye.payload;
        const std::string answer = frame(text_frame, "too late") + frame(close_frame, bye.payload);
        co_await w.send(answer);
        co_await w.hang();
      }))
      .next(opens([](wire& w) -> awaitable<void> { co_await w.hang(); }));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::websocket socket = co_await client.websocket("ws://h/");
    time_point before = co_await now();
    co_await socket.close(1001, "bye");
    time_point after = co_await now();
    CHECK(after == before);
    CHECK(said ==
          "\x03\xe9"
          "bye");
    http::websocket other = co_await client.websocket("ws://h/");
    before = co_await now();
    co_await other.close();
    after = co_await now();
    CHECK(after - before == 5s);
    std::string failure;
    try {
      co_await other.send("more");
    } catch (const connection_lost& e) {
      failure = e.what();
    }
    CHECK(begins(failure, "ws://h/: sending: "));
    CHECK_THROWS_AS(other.close(1005, ""), invalid_argument);
    CHECK_THROWS_AS(other.close(1000, std::string(124, 'x')), invalid_argument);
    CHECK_THROWS_AS(other.send("\xff"), invalid_argument);
  });
}

TEST_CASE("a closed client opens no WebSocket") {
  scripted_peer peer;
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    co_await client.close();
    const std::string refusal = co_await refusal_of(client.websocket("ws://h/"));
    CHECK(begins(refusal, "invalid_argument: "));
  });
  CHECK(peer.connections() == 0);
}

TEST_CASE("a context that ends takes its WebSockets along") {
  scripted_peer peer;
  peer.always(opens([](wire& w) -> awaitable<void> { co_await w.hang(); }));
  CHECK_THROWS_AS(run_virtual([&]() -> awaitable<void> {
                    http::client client = client_of(peer);
                    http::websocket_options options;
                    options.ping_after.reset();
                    http::websocket socket = co_await client.websocket("ws://h/", options);
                    co_await socket.receive();
                  }),
                  testing::deadlock);
}
