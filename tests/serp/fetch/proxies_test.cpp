#include <braid/core/error.hpp>
#include <catch2/catch.hpp>

#include "serp/fetch/proxies.hpp"

using namespace std::chrono_literals;
using namespace braid::fetch;
using braid::scrape::parse_proxies;

namespace {

const braid::time_point start{1000s};
const auto refused =
    std::make_exception_ptr(braid::proxy_error(braid::proxy_error::stage::connect, "connect proxy http://a: refused"));

}  // namespace

TEST_CASE("without proxies there is nothing to choose and nothing to say") {
  const proxies_shared none({}, 10min);
  CHECK(none.empty());
  CHECK(none.summary().empty());
}

TEST_CASE("requests wait for a banned proxy as long as the patience lasts") {
  proxies_shared proxies(parse_proxies("http://a tag=us"), 10min);
  const auto first = proxies.pick("google", "", start);
  REQUIRE(first.which);
  proxies.answered(*first.which, start);
  proxies.ban(*first.which, "google", 180s, start);
  CHECK(proxies.pick("google", "", start).later == start + 180s);
  CHECK(proxies.pick("bing", "", start).which);
  proxies.ban(*first.which, "google", 1h, start);
  const auto never = proxies.pick("google", "", start);
  CHECK_FALSE(never.which);
  CHECK_FALSE(never.later);
  CHECK(proxies.summary() == "proxy http://a:1080 (us): 2 requests, 1 answered, 0 failed, banned 2, ejected 0\n");
}

TEST_CASE("when no proxy has answered for longer than the patience the run does not wait for one") {
  proxies_shared proxies(parse_proxies("http://a"), 10min);
  auto now = start;
  for (int probes = 0; probes < 100; ++probes) {
    const auto choice = proxies.pick("google", "", now);
    if (choice.which) proxies.failed(*choice.which, refused, now);
    if (choice.later) now = *choice.later;
    if (!choice.which && !choice.later) break;
  }
  CHECK(now > start + 5min);
  CHECK(now < start + 30min);
  CHECK_THAT(proxies.summary(), Catch::Contains("not usable in the end"));
}

TEST_CASE("what is the target's fault says nothing about the proxy") {
  CHECK(is_failure_of_way(refused));
  CHECK(is_failure_of_way(std::make_exception_ptr(braid::timeout_error("t"))));
  CHECK_FALSE(is_failure_of_way(std::make_exception_ptr(braid::protocol_error("p"))));
  proxies_shared proxies(parse_proxies("http://a"), 10min);
  for (int i = 0; i < 10; ++i) {
    const auto choice = proxies.pick("google", "", start);
    REQUIRE(choice.which);
    proxies.failed(*choice.which, std::make_exception_ptr(braid::protocol_error("p")), start);
  }
}

TEST_CASE("a proxy with as many requests as it may have is asked again soon") {
  proxies_shared proxies(parse_proxies("http://a limit=1"), 10min);
  CHECK(proxies.pick("google", "", start).which);
  CHECK(proxies.pick("google", "", start).later == start + 50ms);
}
