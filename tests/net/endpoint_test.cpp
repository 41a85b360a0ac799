#include <braid/core/error.hpp>
#include <braid/net/endpoint.hpp>
#include <catch2/catch.hpp>

using braid::net::endpoint;

TEST_CASE("numeric addresses are endpoints, names are not") {
  CHECK(endpoint::parse("127.0.0.1", 80)->str() == "127.0.0.1:80");
  CHECK(endpoint::parse("::1", 443)->str() == "[::1]:443");
  CHECK(endpoint::parse("[::1]", 443)->address() == "::1");
  CHECK(endpoint::parse("2001:DB8::0:1", 1)->address() == "2001:db8::1");
  for (const char* name :
       {"localhost", "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[::1", "::1]", "127.0.0.1%lo", "1234"}) {
    CAPTURE(name);
    CHECK_FALSE(endpoint::parse(name, 80));
  }
}

TEST_CASE("endpoints compare by address and port") {
  endpoint a = *endpoint::parse("127.0.0.1", 80);
  CHECK(a == *endpoint::parse("127.0.0.1", 80));
  CHECK_FALSE(a == *endpoint::parse("127.0.0.1", 81));
  a.set_port(81);
  CHECK(a == *endpoint::parse("127.0.0.1", 81));
  CHECK_FALSE(a == endpoint());
  CHECK(endpoint().str() == "nowhere");
}

TEST_CASE("a Unix socket's path has a bound") {
  CHECK(endpoint::unix_path("/run/app.sock").str() == "unix:/run/app.sock");
  CHECK(endpoint::unix_path("/run/app.sock").port() == 0);
  CHECK_THROWS_AS(endpoint::unix_path(""), braid::invalid_argument);
  CHECK_THROWS_AS(endpoint::unix_path(std::string(108, 'x')), braid::invalid_argument);
}
