#include <braid/core/base64.hpp>
#include <catch2/catch.hpp>

using namespace braid;

TEST_CASE("base64 as RFC 4648 writes it") {
  // Section 10.
  for (const auto& [plain, coded] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}}) {
    CHECK(base64(plain) == coded);
    CHECK(base64_decode(coded) == plain);
  }
  CHECK(base64("\xFB\xFF\xBF") == "+/+/");
  CHECK(base64url("\xFB\xFF\xBF\x01") == "-_-_AQ");
}

TEST_CASE("base64 is read in either alphabet, padded or not") {
  CHECK(base64_decode("+/+/AQ==") == "\xFB\xFF\xBF\x01");
  CHECK(base64_decode("-_-_AQ") == "\xFB\xFF\xBF\x01");
  for (const char* bad : {"Zm9 v", "Zm9v\n", "Zm=9v", "\xC3\xA4"}) CHECK_FALSE(base64_decode(bad));
}
