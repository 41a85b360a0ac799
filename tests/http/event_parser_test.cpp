#include <braid/core/error.hpp>
#include <braid/http/event_source.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using braid::http::event_parser;

namespace {

/// "type|id|data" of each event; the stream comes in pieces of this size.
std::vector<std::string> events_of(std::string_view stream, std::size_t piece = 1000) {
  event_parser parser;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    parser.feed(stream.substr(at, piece));
    while (const auto event = parser.next()) out.push_back(event->type + '|' + event->id + '|' + event->data);
  }
  return out;
}

using events = std::vector<std::string>;

}  // namespace

TEST_CASE("the examples of the standard") {
  CHECK(events_of("data: YHOO\ndata: +2\ndata: 10\n\n") == events{"message||YHOO\n+2\n10"});
  CHECK(events_of(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n") ==
        events{"message|1|first event", "message||second event"});
  CHECK(events_of("data\n\ndata\ndata\n\ndata:") == events{"message||", "message||\n"});
  CHECK(events_of("data:test\n\ndata: test\n\n") == events{"message||test", "message||test"});
}

TEST_CASE("lines end in three ways, however the bytes are cut") {
  const std::string stream =
      "\xEF\xBB\xBF"
      "event: a\r\ndata: 1\r\rid: 7\ndata: 2\r\n\r\ndata: 3\n\n: comment\n\n";
  for (std::size_t piece = 1; piece < stream.size(); ++piece) {
    CAPTURE(piece);
    CHECK(events_of(stream, piece) == events{"a||1", "message|7|2", "message|7|3"});
  }
}

TEST_CASE("what says nothing is passed over") {
  CHECK(events_of("event: only\n\n").empty());
  CHECK(events_of("unknown: x\nDATA: x\n\n").empty());
  CHECK(events_of(std::string_view("id: a\0b\ndata: x\n\n", 17)) == events{"message||x"});
  CHECK(events_of("id: a\x01\ndata: x\n\n") == events{"message||x"});
  event_parser parser;
  CHECK_FALSE(parser.retry());
  parser.feed("retry: soon\nretry: 1500\nretry: -1\n");
  CHECK(parser.retry() == 1500ms);
}

TEST_CASE("a connection that ends takes the unfinished event with it, not the id") {
  event_parser parser;
  parser.feed("id: 5\ndata: whole\n\nid: 6\ndata: half\n");
  CHECK(parser.next()->data == "whole");
  parser.reset();
  parser.feed("data: next\n\n");
  const auto event = parser.next();
  CHECK(event->data == "next");
  CHECK(event->id == "5");
}

TEST_CASE("lines and events are bounded") {
  event_parser parser(100);
  CHECK_THROWS_AS(parser.feed("data: " + std::string(200, 'x')), braid::limit_error);
  event_parser other(100);
  const std::string line = "data: " + std::string(50, 'x') + "\n";
  other.feed(line);
  CHECK_THROWS_AS(other.feed(line), braid::limit_error);
}
