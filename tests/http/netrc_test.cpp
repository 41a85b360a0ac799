#include <catch2/catch.hpp>

#include <braid/core/error.hpp>
#include <braid/http/netrc.hpp>

using namespace braid::http;

TEST_CASE("an entry of netrc is found by its machine") {
  const char* const text =
      "# comment\nmachine a.example login one password \"p w\\\"d\"\n"
      "macdef go\n machine b.example login wrong password wrong\n\n"
      "machine b.example\n\tlogin two\n\tpassword second\n"
      "machine b.example login three password third\n"
      "default login any password all\n";
  const auto one = find_netrc(text, "A.example");
  REQUIRE(one);
  CHECK(one->login == "one");
  CHECK(one->password == "p w\"d");
  CHECK(find_netrc(text, "b.example")->password == "second");
  CHECK(find_netrc(text, "b.example", "three")->password == "third");
  CHECK(find_netrc(text, "c.example")->login == "any");
  CHECK_FALSE(find_netrc(text, "b.example", "nobody"));
  CHECK_FALSE(find_netrc("machine x login y password z", "other"));
  CHECK_FALSE(find_netrc("machine", "x"));
  CHECK_FALSE(find_netrc("", "x"));
}

TEST_CASE("a password without a login serves the login that is asked for") {
  const auto found = find_netrc("machine h password q login other\nmachine h password p\n", "h", "me");
  REQUIRE(found);
  CHECK(found->login == "me");
  CHECK(found->password == "p");
}

TEST_CASE("a quote without its end is refused") {
  CHECK_THROWS_AS(find_netrc("machine h login \"x\npassword y", "h"), braid::invalid_argument);
}
