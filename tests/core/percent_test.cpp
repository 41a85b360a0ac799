#include <braid/core/percent.hpp>

#include <catch2/catch.hpp>

using namespace braid;

TEST_CASE("a component keeps only unreserved characters") {
  CHECK(percent_encode("a b&c=d/é~-._") == "a%20b%26c%3Dd%2F%C3%A9~-._");
  CHECK(percent_decode("a%20b%26c%3Dd%2F%C3%A9") == "a b&c=d/é");
}

TEST_CASE("a stray percent sign survives decoding") {
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%zz%41") == "%zzA");
}

TEST_CASE("forms go there and back") {
  const query_pairs pairs{{"q", "c++ coroutines & more"}, {"empty", ""}, {"ü", "100% ~*"}};
  const auto text = form_encode(pairs);
  CHECK(text == "q=c%2B%2B+coroutines+%26+more&empty=&%C3%BC=100%25+%7E*");
  CHECK(form_decode(text) == pairs);
  CHECK(form_decode("&&a&b=1=2&") == query_pairs{{"a", ""}, {"b", "1=2"}});
}
