#include <braid/http/events.hpp>

#include <nlohmann/json.hpp>

#include <braid/http/har.hpp>

#include "client_fixture.hpp"
#include "h2_client_fixture.hpp"

using namespace client_tests;

namespace {

std::string text_of(const http::request_event& one) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(one.took).count();
  std::string out = std::to_string(one.request) + " " + std::string(to_string(one.phase)) + " " + std::to_string(ms);
  if (one.status != 0) out += " " + std::to_string(one.status);
  if (one.reused) out += " reused";
  if (!one.reason.empty()) out += " (" + std::string(one.reason) + ")";
  return out;
}

/// Options whose events go into a list.
http::client_options noting(std::vector<std::string>& into) {
  http::client_options out;
  out.events = [&into](const http::request_event& one) { into.push_back(text_of(one)); };
  return out;
}

/// Takes its time before the head, and before the end of the body.
awaitable<void> answer_slowly(wire& w) {
  for (;;) {
    const std::string request = co_await w.read_request();
    if (request.empty()) co_return;
    co_await sleep_for(20ms);
    co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhe");
    co_await sleep_for(30ms);
    co_await w.send("re");
  }
}

/// As the peer's own connector, but slower.
http::client slow_client(const scripted_peer& peer, http::client_options options) {
  options.connector = [inner = peer.connector()](
                          std::string host, std::uint16_t port,
                          net::connect_options how) -> awaitable<std::unique_ptr<net::transport>> {
    co_await sleep_for(10ms);
    auto connecting = inner(std::move(host), port, std::move(how));
    std::unique_ptr<net::transport> made = co_await std::move(connecting);
    co_return made;
  };
  return http::client(options);
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("an observer is told of each phase with the time that it took") {
  list seen;
  scripted_peer peer;
  peer.always(answer_slowly);
  run_virtual([&]() -> awaitable<void> {
    http::client client = slow_client(peer, noting(seen));
    const http::response got = co_await client.get("http://user:secret@h/");
    CHECK(got.timings().connect == 10ms);
    CHECK(got.timings().sent == 10ms);
    CHECK(got.timings().first_byte == 30ms);
    CHECK(got.timings().total == 60ms);
    co_await client.get("http://h/");
  });
  CHECK(seen == list{"1 begin 0", "1 connect 10", "1 send 0", "1 first_byte 20 200", "1 body 30 200", "2 begin 0",
                     "2 send 0 reused", "2 first_byte 20 200 reused", "2 body 30 200 reused"});
}

TEST_CASE("an observer sees waits, redirects, retries, failures and streams, and no secrets") {
  list seen;
  scripted_peer peer;
  peer.next(answers_and_closes("HTTP/1.1 302 Found\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n"))
      .next(answers_and_closes(ok("x")))
      .next(answer_slowly);
  run_virtual([&]() -> awaitable<void> {
    http::client_options options = noting(seen);
    options.max_connections_per_host = 1;
    http::client client = client_of(peer, options);
    co_await client.get("http://h/");
    CHECK(seen == list{"1 begin 0", "1 send 0", "1 first_byte 0 302", "1 body 0 302", "1 send 0", "1 first_byte 0 200",
                       "1 body 0 200"});
    seen.clear();
    http::request what("GET", "http://slow/");
    http::response_stream stream = co_await client.stream(std::move(what));
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await client.get("http://slow/"); });
      co_await sleep_for(5ms);
      co_await stream.read_all();
    });
    CHECK(seen == list{"2 begin 0", "2 send 0", "2 first_byte 20 200", "3 begin 0", "2 body 30 200", "3 queue 30",
                       "3 send 0 reused", "3 first_byte 20 200 reused", "3 body 30 200 reused"});
    seen.clear();
    const std::string outcome = co_await outcome_of(client.get("http://user:secret@nobody/"));
    CHECK(outcome.starts_with("connect_failed"));
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].starts_with("4 failed 0 (GET http://nobody/: "));
  });
}

TEST_CASE("an observer is told once that the body of a stream failed") {
  list seen;
  scripted_peer peer;
  peer.next(answers_and_closes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhe"));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, noting(seen));
    http::request what("GET", "http://h/");
    http::response_stream stream = co_await client.stream(std::move(what));
    const std::string piece(co_await stream.read_some());
    CHECK(piece == "he");
    CHECK(seen == list{"1 begin 0", "1 send 0", "1 first_byte 0 200"});
    for (int again = 0; again < 2; ++again) {
      std::string failure;
      try {
        co_await stream.read_some();
      } catch (const connection_lost& e) {
        failure = e.what();
      }
      CHECK(failure.starts_with("GET http://h/: connection lost"));
    }
  });
  REQUIRE(seen.size() == 4);
  CHECK(seen[3] == "1 failed 0 (GET http://h/: connection lost after 2 of 4 body bytes)");
}

TEST_CASE("an observer is told of requests over HTTP/2 as well") {
  list seen;
  run_virtual([&]() -> awaitable<void> {
    h2_tests::memory_server server(h2_tests::say_path);
    http::client client = server.client(noting(seen));
    co_await client.get("http://h/");
  });
  CHECK(seen == list{"1 begin 0", "1 send 0", "1 first_byte 0 200", "1 body 0 200"});
}

TEST_CASE("a HAR tells how long each phase took") {
  http::har_recorder recorder;
  scripted_peer peer;
  peer.always(answer_slowly);
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.middleware.push_back(recorder.middleware());
    http::client client = slow_client(peer, options);
    co_await client.get("http://h/");
  });
  const auto har = nlohmann::json::parse(recorder.str());
  const auto& timings = har["log"]["entries"][0]["timings"];
  CHECK(timings["blocked"] == -1);
  CHECK(timings["connect"] == 10);
  CHECK(timings["send"] == 0);
  CHECK(timings["wait"] == 20);
  CHECK(timings["receive"] == 30);
}
