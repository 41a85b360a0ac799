#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/proxy_pool.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace braid::scrape;

namespace {

const braid::time_point start{1000s};

proxy_pool pool_of(const std::string& lines) { return proxy_pool(parse_proxies(lines)); }

}  // namespace

TEST_CASE("a proxy's line says where and how much") {
  const auto one = parse_proxy(" socks5h://me:secret@h:1080  weight=2.5 tag=us limit=3\r");
  CHECK(one.address.str() == "socks5h://h:1080");
  CHECK(one.address.user() == "me");
  CHECK(one.weight == 2.5);
  CHECK(one.tag == "us");
  CHECK(one.limit == 3);
  CHECK(parse_proxies("# mine\n\nhttp://a:1\r\nhttp://b:2 tag=de").size() == 2);
  for (const auto* wrong : {"", "http://a weight=0", "http://a weight=x", "http://a limit=-1", "http://a colour=red",
                            "http://a tag=", "ftp://a", "http://me:secret@a weight=nan"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_proxy(wrong), braid::invalid_argument);
  }
  CHECK_THROWS_WITH(parse_proxies("http://a\nhttp://me:secret@b nothing"),
                    Catch::StartsWith("line 2: ") && !Catch::Contains("secret"));
}

TEST_CASE("proxies take turns by their weight") {
  auto pool = pool_of("http://a weight=3\nhttp://b");
  std::vector<std::size_t> counts(2);
  for (int i = 0; i < 40; ++i) {
    const auto which = pool.pick("google", "", start).value();
    ++counts[which];
    pool.answered(which);
  }
  CHECK(counts == std::vector<std::size_t>{30, 10});
}

TEST_CASE("a session keeps its proxy and moves only when that is gone") {
  auto pool = pool_of("http://a\nhttp://b\nhttp://c");
  std::vector<std::size_t> first;
  for (int i = 0; i < 60; ++i) {
    first.push_back(pool.pick("google", "query " + std::to_string(i), start).value());
    pool.released(first.back());
  }
  for (std::size_t which = 0; which < 3; ++which) CHECK(std::count(first.begin(), first.end(), which) > 5);
  const auto busy = pool.pick("google", "", start).value();
  pool.released(busy);
  pool.ban(busy, "google", start + 1h);
  for (int i = 0; i < 60; ++i) {
    const auto now = pool.pick("google", "query " + std::to_string(i), start).value();
    const auto before = first[static_cast<std::size_t>(i)];
    CHECK((before == busy ? now != busy : now == before));
    pool.released(now);
  }
}

TEST_CASE("a dead proxy is ejected and comes back by a probe") {
  auto pool = pool_of("http://a");
  for (int i = 0; i < 3; ++i) {
    const auto which = pool.pick("google", "", start);
    REQUIRE(which);
    pool.failed(*which, start);
  }
  CHECK_FALSE(pool.pick("google", "", start + 9s));
  CHECK(pool.next_moment("google", start) == start + 10s);
  const auto probe = pool.pick("google", "", start + 10s);
  REQUIRE(probe);
  CHECK_FALSE(pool.pick("google", "", start + 10s));  // one at a time
  CHECK_FALSE(pool.next_moment("google", start + 10s));
  pool.failed(*probe, start + 12s);
  CHECK(pool.next_moment("google", start + 12s) == start + 32s);
  const auto again = pool.pick("bing", "", start + 32s);
  REQUIRE(again);
  pool.answered(*again);
  CHECK(pool.pick("google", "", start + 33s));
  CHECK(pool.pick("google", "", start + 33s));
  const auto report = pool.reports().at(0);
  CHECK(report.ejections == 2);
  CHECK(report.failed == 4);
  CHECK(report.answered == 1);
  CHECK(report.usable);
}

TEST_CASE("single failures between answers eject nobody and pauses have a longest") {
  auto pool = pool_of("http://a");
  for (int i = 0; i < 20; ++i) {
    pool.failed(pool.pick("google", "", start).value(), start);
    pool.answered(pool.pick("google", "", start).value());
  }
  CHECK(pool.reports().at(0).ejections == 0);
  auto now = start;
  for (int i = 0; i < 40; ++i) {
    const auto which = pool.pick("google", "", now);
    if (which) pool.failed(*which, now);
    if (!which) now = pool.next_moment("google", now).value();
  }
  pool.failed(pool.pick("google", "", now).value(), now);
  CHECK(pool.next_moment("google", now) == now + 10min);
}

TEST_CASE("a ban holds for one target only") {
  auto pool = pool_of("http://a\nhttp://b");
  const auto which = pool.pick("google", "", start).value();
  pool.answered(which);
  pool.ban(which, "google", start + 180s);
  for (int i = 0; i < 4; ++i) {
    const auto other = pool.pick("google", "", start).value();
    CHECK(other != which);
    pool.released(other);
  }
  bool seen = false;
  for (int i = 0; i < 4; ++i) {
    const auto any = pool.pick("bing", "", start).value();
    seen = seen || any == which;
    pool.released(any);
  }
  CHECK(seen);
  CHECK(pool.reports().at(which).bans == 1);
  CHECK(pool.reports().at(which).usable);
}

TEST_CASE("no proxy has more requests at once than its limit") {
  auto pool = pool_of("http://a limit=2\nhttp://b limit=1");
  for (int i = 0; i < 3; ++i) CHECK(pool.pick("google", "", start));
  CHECK_FALSE(pool.pick("google", "", start));
  CHECK_FALSE(pool.next_moment("google", start));
  pool.released(0);
  CHECK(pool.pick("google", "", start) == 0);
}

TEST_CASE("a proxy with a rate is picked no faster, and a pick that is held back costs nothing of it") {
  CHECK(parse_proxy("http://a rate=0.5").rate == 0.5);
  auto pool = pool_of("http://a rate=4");
  const auto pick = [&pool](braid::time_point when) {
    const auto which = pool.pick("google", "", when);
    if (which) pool.answered(*which);
    return which.has_value();
  };
  CHECK(pick(start));
  CHECK_FALSE(pick(start + 249ms));
  CHECK(pool.next_moment("google", start) == start + 250ms);
  CHECK(pick(start + 300ms));
  CHECK_FALSE(pick(start + 549ms));
  const auto which = pool.pick("google", "", start + 550ms);
  REQUIRE(which);
  pool.hold(*which, "google", start + 600ms);
  CHECK_FALSE(pick(start + 599ms));
  CHECK(pick(start + 600ms));
  CHECK(pool.reports()[0].requests == 3);
}
