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

TEST_CASE("scheme, name and port each make another host", "[curl-cve]") {
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

TEST_CASE("a request that has to wait again has its place by when it began") {
  pool_book book(1);
  auto& host = book.at(false, "a", 80);
  book.ask(host);
  pool_book::ticket early, late, again;
  early.since = t0;
  late.since = t0 + 2s;
  again.since = t0 + 1s;
  for (auto* ticket : {&early, &late, &again}) book.queue(host, *ticket);
  connection one(host);
  CHECK(book.give_back(one, t0) == &early);
  CHECK(book.give_back(one, t0) == &again);
  CHECK(book.give_back(one, t0) == &late);
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

namespace {

/// Hosts over TLS may turn out to speak HTTP/2; one connection to each.
pool_book may_share(std::size_t connections = 1) {
  return pool_book(3, braid::http::connection_sharing(true, false, connections));
}

/// Lets everybody in whom the book serves now.
std::size_t serve(pool_book& book, pool_book::host& where) {
  std::size_t count = 0;
  while (book.serve(where)) ++count;
  return count;
}

}  // namespace

TEST_CASE("while the first connection may turn out to be shared the others wait for it") {
  pool_book book = may_share();
  auto& host = book.at(true, "a", 443);
  auto& plain = book.at(false, "a", 80);
  CHECK(book.ask(plain).what == verdict::open);
  CHECK(book.ask(plain).what == verdict::open);
  CHECK(book.ask(host).what == verdict::open);
  pool_book::ticket first, second, third;
  for (auto* ticket : {&first, &second, &third}) {
    CHECK(book.ask(host).what == verdict::wait);
    book.queue(host, *ticket);
  }
  SECTION("and open their own when it is for one request at a time") {
    book.made(host);
    CHECK(serve(book, host) == 2);
    CHECK(first.may_open);
    CHECK(second.may_open);
    CHECK_FALSE(third.served());
  }
  SECTION("and have a place on it when it is shared") {
    connection one(host);
    book.made_shared(one, 3);
    CHECK(serve(book, host) == 2);
    CHECK(first.given == &one);
    CHECK(second.given == &one);
    CHECK_FALSE(third.served());
    book.stream_done(one, t0);
    CHECK(serve(book, host) == 1);
    CHECK(third.given == &one);
    CHECK(one.streams == 3);
  }
  SECTION("and one of them tries next when its request was given up") {
    CHECK(book.attempt_over(host) == &first);
    CHECK(first.may_open);
    CHECK(serve(book, host) == 0);
  }
  SECTION("and all try when the host let nobody in") {
    book.lose_patience(host);
    CHECK(book.attempt_over(host) == &first);
    CHECK(serve(book, host) == 2);
    CHECK(third.may_open);
  }
}

TEST_CASE("a shared connection takes as many requests as it has room for and then rests") {
  pool_book book = may_share();
  auto& host = book.at(true, "a", 443);
  book.ask(host);
  connection one(host);
  book.made_shared(one, 2);
  const auto joined = book.ask(host);
  CHECK(joined.what == verdict::join);
  CHECK(joined.which == &one);
  CHECK(book.ask(host).what == verdict::wait);
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
  book.resize(one, 3);
  CHECK(book.ask(host).what == verdict::join);
  for (int i = 0; i < 3; ++i) book.stream_done(one, t0);
  CHECK(book.str() == "[hosts: 1 | connections: 0 active, 1 idle | waiting: 0]");
  CHECK(book.ask(host).what == verdict::join);
  book.stream_done(one, t0 + 1s);
  CHECK(book.take_older(t0) == nullptr);
  CHECK(book.take_older(t0 + 1s) == &one);
  CHECK(book.str() == "[hosts: 0 | connections: 0 active, 0 idle | waiting: 0]");
}

TEST_CASE("a second shared connection is opened when the first is full and only if allowed") {
  pool_book book = may_share(2);
  auto& host = book.at(true, "a", 443);
  book.ask(host);
  connection one(host), two(host);
  book.made_shared(one, 1);
  CHECK(book.ask(host).what == verdict::open);
  CHECK(book.ask(host).what == verdict::wait);
  book.made_shared(two, 1);
  CHECK(book.ask(host).what == verdict::wait);
}

TEST_CASE("a retired connection takes no more requests and makes room for another") {
  pool_book book = may_share();
  auto& host = book.at(true, "a", 443);
  book.ask(host);
  connection one(host);
  book.made_shared(one, 1);
  pool_book::ticket waits;
  book.queue(host, waits);
  book.retire(one);
  CHECK(serve(book, host) == 1);
  CHECK(waits.may_open);
  connection two(host);
  book.made_shared(two, 1);
  CHECK(book.str() == "[hosts: 1 | connections: 2 active, 0 idle | waiting: 0]");
  book.stream_done(one, t0);
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
  book.stream_done(two, t0);
  book.retire(two);
  CHECK(serve(book, host) == 0);
  CHECK(book.str() == "[hosts: 0 | connections: 0 active, 0 idle | waiting: 0]");
}

TEST_CASE("so many connections to a host are in the making at once") {
  pool_book book(10, {}, pool_book::no_bound, 2);
  auto& host = book.at(false, "a", 80);
  CHECK(book.ask(host).what == verdict::open);
  CHECK(book.ask(host).what == verdict::open);
  CHECK(book.ask(host).what == verdict::wait);
  pool_book::ticket third, fourth, fifth;
  for (pool_book::ticket* const each : {&third, &fourth, &fifth}) book.queue(host, *each);
  CHECK(book.ask(book.at(false, "b", 80)).what == verdict::open);

  book.made(host);
  CHECK(book.serve(host) == &third);
  CHECK(third.may_open);
  CHECK(book.serve(host) == nullptr);

  CHECK(book.attempt_over(host) == &fourth);
  CHECK(fourth.may_open);
  CHECK(book.serve(host) == nullptr);

  connection one(host);
  CHECK(book.give_back(one, t0) == &fifth);
  CHECK(fifth.given == &one);
}
