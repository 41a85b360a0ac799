// The bound on all connections of a pool, and who gets what becomes free under it.
#include <array>
#include <catch2/catch.hpp>
#include <memory>

#include "client/pool_book.hpp"

using namespace std::chrono_literals;
using braid::time_point;
using braid::http::connection_sharing;
using braid::http::pool_book;
using verdict = pool_book::verdict;

namespace {

const time_point t0{};

struct connection : pool_book::entry {
  explicit connection(pool_book::host& where) { owner = &where; }
};

pool_book::host& at(pool_book& book, std::string_view name) { return book.at(false, name, 80); }

/// Opens a connection for a request that comes now.
std::unique_ptr<connection> opened(pool_book& book, std::string_view name) {
  pool_book::host& where = at(book, name);
  CHECK(book.ask(where).what == verdict::open);
  auto made = std::make_unique<connection>(where);
  book.made(where);
  return made;
}

void wait(pool_book& book, std::string_view name, pool_book::ticket& who) {
  CHECK(book.ask(at(book, name)).what == verdict::wait);
  book.queue(at(book, name), who);
}

}  // namespace

TEST_CASE("all hosts together open no more than the total") {
  pool_book book(2, {}, 3);
  const auto a1 = opened(book, "a"), a2 = opened(book, "a"), b1 = opened(book, "b");
  pool_book::ticket first, second;
  wait(book, "c", first);
  wait(book, "b", second);
  CHECK(book.str() == "[hosts: 3 | connections: 3 active, 0 idle | waiting: 2]");
  // Who has no connection goes first, whoever's has gone.
  CHECK(book.slot_free(at(book, "a")) == &first);
  CHECK(first.may_open);
  CHECK(book.slot_free(at(book, "a")) == &second);
  CHECK(second.may_open);
  CHECK(book.str() == "[hosts: 2 | connections: 3 active, 0 idle | waiting: 0]");
  CHECK_FALSE(book.contended());
}

TEST_CASE("under the total a resting connection makes room for another host") {
  pool_book book(2, {}, 2);
  const auto a1 = opened(book, "a"), b1 = opened(book, "b");
  CHECK(book.give_back(*a1, t0) == nullptr);
  CHECK(book.give_back(*b1, t0 + 1s) == nullptr);
  const pool_book::answer got = book.ask(at(book, "c"));
  CHECK(got.what == verdict::open);
  CHECK(got.which == a1.get());
  CHECK(book.str() == "[hosts: 2 | connections: 1 active, 1 idle | waiting: 0]");
  CHECK(book.ask(at(book, "b")).what == verdict::reuse);
}

TEST_CASE("a busy host gives a connection up for one that has none") {
  pool_book book(2, {}, 2);
  const auto a1 = opened(book, "a"), a2 = opened(book, "a");
  pool_book::ticket own, other, later;
  wait(book, "a", own);
  wait(book, "b", other);
  wait(book, "b", later);
  CHECK(book.give_back(*a1, t0) == &other);
  CHECK(other.may_open);
  CHECK(other.given == nullptr);
  // b has one now: what a has left stays with a.
  CHECK(book.give_back(*a2, t0) == &own);
  CHECK(own.given == a2.get());
  // When nobody waits at a any more, b gets that one as well.
  CHECK(book.give_back(*a2, t0) == &later);
  CHECK(later.may_open);
  CHECK(book.str() == "[hosts: 1 | connections: 2 active, 0 idle | waiting: 0]");
}

TEST_CASE("hosts take turns under the total however many wait at one of them") {
  pool_book book(9, {}, 3);
  const auto a1 = opened(book, "a"), b1 = opened(book, "b"), c1 = opened(book, "c");
  std::array<pool_book::ticket, 4> many;
  for (pool_book::ticket& one : many) wait(book, "a", one);
  pool_book::ticket few;
  wait(book, "b", few);
  CHECK(book.slot_free(at(book, "c")) == &many[0]);
  book.made(at(book, "a"));
  CHECK(book.slot_free(at(book, "a")) == &few);
  book.made(at(book, "b"));
  CHECK(book.slot_free(at(book, "a")) == &many[1]);
}

TEST_CASE("who leaves the queue under the total is forgotten") {
  pool_book book(1, {}, 1);
  const auto a1 = opened(book, "a");
  pool_book::ticket first, second;
  wait(book, "b", first);
  wait(book, "c", second);
  book.leave(first);
  CHECK(book.str() == "[hosts: 2 | connections: 1 active, 0 idle | waiting: 1]");
  CHECK(book.give_back(*a1, t0) == &second);
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
  book.leave(first);
}

TEST_CASE("a shared connection that comes to rest makes room for a host that waits") {
  pool_book book(2, connection_sharing(false, true, 1), 1);
  pool_book::host& a = at(book, "a");
  CHECK(book.ask(a).what == verdict::open);
  connection one(a);
  book.made_shared(one, 10);
  CHECK(book.ask(a).what == verdict::join);
  pool_book::ticket other;
  wait(book, "b", other);
  book.stream_done(one, t0);
  CHECK(book.share_out().who == nullptr);
  book.stream_done(one, t0);
  const pool_book::grant got = book.share_out();
  CHECK(got.who == &other);
  CHECK(got.evicted == &one);
  CHECK(book.share_out().who == nullptr);
  CHECK(book.str() == "[hosts: 1 | connections: 1 active, 0 idle | waiting: 0]");
}
