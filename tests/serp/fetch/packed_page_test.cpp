#include "serp/fetch/packed_page.hpp"

#include <braid/core/error.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace braid::fetch;
using Catch::Contains;

TEST_CASE("a packed page is the same page again, and smaller") {
  for (const auto& page : {std::string(), std::string("<p>x"), std::string(65536, 'y'), std::string(1'000'000, 'z')}) {
    const auto packed = pack_page(page);
    CHECK(is_packed(packed));
    CHECK(unpack_page(packed, "p") == page);
    CHECK(packed.size() <= page.size() / 100 + 32);
  }
  CHECK_FALSE(is_packed("<html>"));
  CHECK_FALSE(is_packed(""));
  CHECK(unpack_page(pack_page("a") + pack_page("b"), "p") == "ab");
}

TEST_CASE("a packed page that is cut, broken or too large is an error with its name") {
  const auto packed = pack_page(std::string(1000, 'x') + "end");
  for (std::size_t size = 4; size < packed.size(); ++size) {
    CHECK_THROWS_AS(unpack_page(packed.substr(0, size), "p"), braid::decode_error);
  }
  auto broken = packed;
  broken.back() = static_cast<char>(broken.back() ^ 1);
  CHECK_THROWS_WITH(unpack_page(broken, "p.zst"), Contains("p.zst"));
  const auto large = pack_page(std::string(200'000, 'x'));
  CHECK_THROWS_AS(unpack_page(large, "p", 199'999), braid::limit_error);
  CHECK(unpack_page(large, "p", 200'000).size() == 200'000);
}
