#include <catch2/catch.hpp>

#include "client/pool_book.hpp"

using namespace std::chrono_literals;
using braid::time_point;
using braid::http::pool_book;
using verdict = pool_book::verdict;

namespace {

const time_point t0{};

/// A connection for a place that ask() gave.
struct connection : pool_book::entry {
  explicit connection(pool_book::host& where) { owner = &where; }
};

}  // namespace

TEST_CASE("a request opens a connection, the next one takes it up again") {
  pool_book book(2);
  auto& host = book.at(false, "a", 80);
  CHECK(book.ask(host).what == verdict::open);
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
  connection one(host);
  CHECK(book.give_back(one, t0) == nullptr);
  CHECK(book.str() == "[hosts: 1 | connections: 0 active, 1 idle | waiting: 0]");
  const auto again = book.ask(book.at(false, "a", 80));
  CHECK(again.what == verdict::reuse);
  CHECK(again.which == &one);
  CHECK(book.slot_free(host) == nullptr);
  CHECK(book.str() == "[hosts: 0 | connections: 0 active, 0 idle | waiting: 0]");
}

TEST_CASE("scheme, name and port each make another host") {
  pool_book book(1);
  CHECK(book.ask(book.at(false, "a", 80)).what == verdict::open);
  CHECK(book.ask(book.at(true, "a", 80)).what == verdict::open);
  CHECK(book.ask(book.at(false, "a", 81)).what == verdict::open);
  CHECK(book.ask(book.at(false, "b", 80)).what == verdict::open);
  CHECK(book.ask(book.at(false, "a", 80)).what == verdict::wait);
  CHECK(book.str() == "[hosts: 4 | connections: 4 active, 0 idle | waiting: 0]");
}

TEST_CASE("the connection that rested last is taken first") {
  pool_book book(3);
  auto& host = book.at(false, "a", 80);
  connection one(host), two(host);
  book.ask(host);
  book.ask(host);
  book.give_back(one, t0);
  book.give_back(two, t0 + 1s);
  CHECK(book.ask(host).which == &two);
  CHECK(book.ask(host).which == &one);
  CHECK(book.ask(host).what == verdict::open);
}

TEST_CASE("who waits is served in order, by a connection or by leave to open one") {
  pool_book book(1);
  auto& host = book.at(false, "a", 80);
  book.ask(host);
  connection one(host);
  pool_book::ticket first, second, third;
  for (auto* ticket : {&first, &second, &third}) {
    CHECK(book.ask(host).what == verdict::wait);
    book.queue(host, *ticket);
  }
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 3]");
  CHECK(book.give_back(one, t0) == &first);
  CHECK(first.given == &one);
  book.leave(second);
  CHECK(book.slot_free(host) == &third);
  CHECK(third.may_open);
  CHECK(third.given == nullptr);
  CHECK_FALSE(second.served());
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
}

TEST_CASE("nobody overtakes those who wait") {
  pool_book book(1);
  auto& host = book.at(false, "a", 80);
  book.ask(host);
  pool_book::ticket first;
  book.queue(host, first);
  connection one(host);
  book.give_back(one, t0);  // to first
  CHECK(book.ask(host).what == verdict::wait);
}

TEST_CASE("connections that rest too long, or are too many, are taken off the books, oldest first") {
  pool_book book(10);
  auto& a = book.at(false, "a", 80);
  auto& b = book.at(false, "b", 80);
  connection one(a), two(b), three(a);
  book.ask(a);
  book.ask(b);
  book.ask(a);
  book.give_back(one, t0);
  book.give_back(two, t0 + 1s);
  book.give_back(three, t0 + 2s);
  CHECK(book.oldest() == t0);
  CHECK(book.take_older(t0 - 1s) == nullptr);
  CHECK(book.take_older(t0) == &one);
  CHECK(book.take_older(t0) == nullptr);
  CHECK(book.oldest() == t0 + 1s);
  CHECK(book.take_surplus(2) == nullptr);
  CHECK(book.take_surplus(1) == &two);
  CHECK(book.str() == "[hosts: 1 | connections: 0 active, 1 idle | waiting: 0]");
  CHECK(book.take_surplus(0) == &three);
  CHECK(book.oldest() == std::nullopt);
  CHECK(book.str() == "[hosts: 0 | connections: 0 active, 0 idle | waiting: 0]");
}
