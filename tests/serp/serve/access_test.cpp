#include "serp/serve/access.hpp"

#include <braid/core/error.hpp>
#include <catch2/catch.hpp>

using namespace braid::serve;
using namespace std::chrono_literals;
using braid::time_point;

namespace {

constexpr std::string_view hash = "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90";

}  // namespace

TEST_CASE("a token is kept as its SHA-256") {
  CHECK(sha256_hex("bob") == "81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9");
  const auto fresh = make_token("ann");
  CHECK(fresh.token.size() == 6 + 43);
  const auto all = parse_tokens(fresh.line);
  REQUIRE(all.size() == 1);
  CHECK(all[0].name == "ann");
  CHECK(all[0].hash == sha256_hex(fresh.token));
  CHECK(make_token("ann").token != fresh.token);
  CHECK_THROWS_AS(make_token("ann b"), braid::invalid_argument);
}

TEST_CASE("a line of the tokens' file has a name, a hash and perhaps bounds") {
  const std::string line = "ann " + std::string(hash);
  const auto all = parse_tokens("# all\n\n  " + line + " rate=2.5 quota=100\r\n");
  REQUIRE(all.size() == 1);
  CHECK(all[0].rate == 2.5);
  CHECK(all[0].quota == 100);
  for (const auto& wrong : {std::string("ann"), std::string("ann 12"), line + " rate=0", line + " rate=nan",
                            line + " quota=-1", line + " speed=3", line + "\nbob " + std::string(hash)}) {
    INFO(wrong);
    CHECK_THROWS_WITH(parse_tokens(wrong), Catch::StartsWith("line "));
  }
}

TEST_CASE("a rate is a bucket that fills again") {
  allowance of(2, 0);
  const time_point start(1h);
  CHECK_FALSE(of.take(2, start, 0));
  CHECK(of.take(1, start + 400ms, 0)->status == 429);
  CHECK(of.take(1, start + 400ms, 0)->retry_after == 1);
  CHECK_FALSE(of.take(0, start + 400ms, 0));
  CHECK_FALSE(of.take(1, start + 500ms, 0));
  // What is larger than the bucket goes when it is full, and is paid for by those that follow.
  CHECK_FALSE(of.take(10, start + 2s, 0));
  CHECK(of.take(1, start + 6s, 0));
  CHECK_FALSE(of.take(1, start + 6500ms, 0));
}

TEST_CASE("a quota is a day's") {
  allowance of(0, 5);
  const time_point any(1h);
  const std::int64_t evening = 2 * 86'400 - 600, morning = 2 * 86'400;
  CHECK_FALSE(of.take(4, any, evening));
  CHECK(of.take(2, any, evening));
  CHECK_FALSE(of.take(1, any, evening));
  CHECK(of.take(1, any, evening)->code == "rate_limited");
  CHECK(of.take(1, any, evening)->retry_after == 600);
  CHECK(of.take(6, any, evening)->retry_after == 0);  // so many never
  CHECK_FALSE(of.take(0, any, evening));
  CHECK_FALSE(of.take(5, any, morning));
}

TEST_CASE("what a quota was used for before a restart counts on that day") {
  allowance of(1, 5);
  const time_point any(1h);
  of.restore(4, 86'400);
  CHECK(of.take(2, any, 86'400 + 100));
  CHECK_FALSE(of.take(1, any, 86'400 + 100));
  CHECK_FALSE(of.take(5, any + 10s, 2 * 86'400));
}

TEST_CASE("a slow rate says how long to wait") {
  allowance of(0.001, 0);
  const time_point start(1h);
  CHECK_FALSE(of.take(1, start, 0));
  CHECK(of.take(1, start, 0)->retry_after == 1000);
  CHECK(of.take(1, start + 100s, 0)->retry_after == 900);
}

TEST_CASE("only names of loopback are this machine") {
  for (const char* name : {"localhost", "LocalHost:8090", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:8090"}) {
    INFO(name);
    CHECK(is_loopback_host(name));
  }
  for (const char* name : {"", "localhost.evil.example", "evil.example", "127.0.0.1.evil.example", "10.0.0.1",
                           "127.evil.example", "[::2]", "localhosts"}) {
    INFO(name);
    CHECK_FALSE(is_loopback_host(name));
  }
}
