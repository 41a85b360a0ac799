#include <braid/http/event_source.hpp>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// Why there is no further event.
awaitable<std::string> end_of(http::event_source& events) {
  try {
    const std::optional<http::server_event> more = co_await events.next();
    co_return more ? "an event: " + more->data : "the end";
  } catch (const error& e) {
    co_return std::string(to_string(e.code()));
  }
}

}  // namespace

TEST_CASE("events come over a connection that is made again, with the last id") {
  scripted_peer peer;
  peer.next(answers_and_closes(head + "retry: 1000\nid: 1\ndata: one\n\ndata: lost"))
      .next(answers_and_closes(head + "data: two\n\n"))
      .next(answers_and_closes("HTTP/1.1 204 No Content\r\n\r\n"));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::request what("GET", "http://h/events");
    http::event_source events(client, std::move(what));
    std::optional<http::server_event> one = co_await events.next();
    REQUIRE(one);
    CHECK(one->data == "one");
    const time_point before = co_await now();
    std::optional<http::server_event> two = co_await events.next();
    REQUIRE(two);
    CHECK(two->data == "two");
    CHECK(two->id == "1");
    const time_point after = co_await now();
    CHECK(after - before == 1s);
    const std::string end = co_await end_of(events);
    CHECK(end == "the end");
    CHECK(peer.requests()[0].find("Accept: text/event-stream\r\n") != std::string::npos);
    CHECK(peer.requests()[0].find("Last-Event-ID") == std::string::npos);
    CHECK(peer.requests()[1].find("Last-Event-ID: 1\r\n") != std::string::npos);
  });
}

TEST_CASE("what is no event stream is an error, and so is a server that stays away") {
  scripted_peer peer;
  peer.next(answers(ok("<p>", "Content-Type: text/html\r\n")))
      .next(answers_and_closes("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    for (const char* expected : {"protocol", "bad_status"}) {
      http::request what("GET", "http://h/");
      http::event_source events(client, std::move(what));
      const std::string end = co_await end_of(events);
      CHECK(end == expected);
    }
    http::request what("GET", "http://h/");
    http::event_source_options options;
    options.attempts = 4;
    http::event_source events(client, std::move(what), options);
    const time_point before = co_await now();
    const std::string end = co_await end_of(events);
    CHECK(end == "connect_failed");
    const time_point after = co_await now();
    CHECK(after - before == 9s);  // three waits
  });
}

TEST_CASE("a stream that falls silent counts as lost") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send(head + "data: one\n\n");
    co_await w.hang();
  });
  peer.next(answers_and_closes(head + "data: two\n\n"));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::request what("GET", "http://h/");
    http::event_source events(client, std::move(what));
    for (const char* expected : {"one", "two"}) {
      std::optional<http::server_event> event = co_await events.next();
      REQUIRE(event);
      CHECK(event->data == expected);
    }
  });
}
