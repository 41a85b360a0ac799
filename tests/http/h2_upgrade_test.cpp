// From HTTP/1.1 to HTTP/2 on one connection (RFC 7540, 3.2), with a server in memory.
#include <braid/core/base64.hpp>

#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

const std::string switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

std::string field_of(const std::string& request, const std::string& name) {
  const std::size_t at = request.find("\r\n" + name + ": ");
  if (at == request.npos) return "(none)";
  const std::size_t begin = at + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

/// Goes over with the first request of a connection and says the path from then on. The first answer comes along with
/// the 101 where that is asked for.
scripted_peer::script goes_over(bool at_once) {
  return [at_once](wire& w) -> awaitable<void> {
    const std::string first = co_await w.read_request();
    h2_peer peer(say_path);
    peer.upgrade(*base64_decode(field_of(first, "HTTP2-Settings")), first.starts_with("HEAD"));
    peer.respond(1, {{":status", "200"}, {"content-length", "5"}}, first.starts_with("HEAD") ? "" : "first");
    std::string bytes = switching;
    if (at_once) bytes += peer.output();
    co_await w.send(bytes);
    char buffer[16 * 1024];
    for (bool open = true; open;) {
      bytes = peer.output();
      if (!bytes.empty()) co_await w.send(bytes);
      const net::io_result got = co_await w.stream().read_some(asio::buffer(buffer));
      open = got.ok() && peer.receive({buffer, got.size});
    }
  };
}

http::client asking(const scripted_peer& peer) {
  http::client_options options;
  options.http_version = http::protocol_choice::http2_upgrade;
  return client_of(peer, std::move(options));
}

/// What a GET comes to whose first answer is this.
std::string outcome_with(std::string bytes) {
  std::string out;
  run_virtual([&]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers_and_closes(bytes));
    out = co_await outcome_of(asking(peer).get("http://h/"));
  });
  return out;
}

}  // namespace

TEST_CASE("h2 upgrade: the response to the first request and all others come over HTTP/2") {
  for (const bool at_once : {false, true}) {
    run_virtual([at_once]() -> awaitable<void> {
      scripted_peer peer;
      peer.always(goes_over(at_once));
      const http::client client = asking(peer);
      const http::response first = co_await client.get("http://h/");
      CHECK(first.status() == 200);
      CHECK(first.version() == 20);
      CHECK(first.body() == "first");
      const http::response second = co_await client.get("http://h/second");
      CHECK(second.body() == "/second");
      CHECK(second.timings().reused);
      const http::response third = co_await client.post("http://h/third", "body", "text/plain");
      CHECK(third.body() == "/thirdbody");
      CHECK(peer.connections() == 1);
      const std::string pool = co_await pool_of(client);
      CHECK(pool == one_idle);
      const std::string& asked = peer.requests().at(0);
      CHECK(field_of(asked, "Upgrade") == "h2c");
      CHECK(field_of(asked, "HTTP2-Settings") == "AAMAAABkAAQAAQAAAAIAAAAA");
      CHECK(field_of(asked, "Connection") == "Upgrade, HTTP2-Settings");
    });
  }
}

TEST_CASE("h2 upgrade: the response to HEAD has no body") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(goes_over(true));
    const http::client client = asking(peer);
    http::request what("HEAD", "http://h/");
    const http::response got = co_await client.send(std::move(what));
    CHECK(got.version() == 20);
    CHECK(got.body().empty());
    CHECK(got.header("Content-Length") == "5");
    const http::response second = co_await client.get("http://h/second");
    CHECK(second.body() == "/second");
    CHECK(peer.connections() == 1);
  });
}

TEST_CASE("h2 upgrade: a server that knows nothing of it speaks HTTP/1.1") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("plain")));
    const http::client client = asking(peer);
    for (int i = 0; i < 3; ++i) {
      const http::response got = co_await client.get("http://h/");
      CHECK(got.version() == 11);
      CHECK(got.body() == "plain");
    }
    CHECK(peer.connections() == 1);
  });
}

TEST_CASE("h2 upgrade: a request with a body does not ask") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("plain")));
    const http::response got = co_await asking(peer).post("http://h/", "body", "text/plain");
    CHECK(got.status() == 200);
    CHECK(field_of(peer.requests().at(0), "Upgrade") == "(none)");
    http::client_options usual;
    const http::response other = co_await client_of(peer, usual).get("http://h/");
    CHECK(other.status() == 200);
    CHECK(field_of(peer.requests().at(1), "Upgrade") == "(none)");
  });
}

TEST_CASE("h2 upgrade: requests at once all succeed") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(goes_over(false));
    const http::client client = asking(peer);
    std::size_t good = 0;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 20; ++i) {
        group.spawn([&]() -> awaitable<void> {
          const http::response got = co_await client.get("http://h/x");
          if (got.version() == 20 && (got.body() == "first" || got.body() == "/x")) ++good;
        });
      }
      co_return;
    });
    CHECK(good == 20);
    const std::size_t made = peer.connections();
    const http::response later = co_await client.get("http://h/later");
    CHECK(later.body() == "/later");
    CHECK(peer.connections() == made);
  });
}

TEST_CASE("h2 upgrade: a 101 that lies is refused") {
  const std::string lie = ok("lies!");
  CHECK(outcome_with(switching + lie).find("broke the rules of HTTP/2") != std::string::npos);
  CHECK(outcome_with("HTTP/1.1 101 Switching!\r\n\r\n" + lie).find("another protocol") != std::string::npos);
  CHECK(outcome_with("HTTP/1.1 101 Switching!\r\nUpgrade: websocket\r\n\r\n").find("another protocol") !=
        std::string::npos);
  CHECK(outcome_with(switching).find("connection_lost") == 0);
}
