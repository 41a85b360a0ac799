#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "digest_set.hpp"
#include "key_filter.hpp"

using braid::scrape::digest;
using braid::scrape::digest_set;
using braid::scrape::key_digest;
using braid::scrape::key_filter;

namespace {

digest numbered(int i) { return key_digest("key " + std::to_string(i)); }

/// Of keys that were never put in, how many of a thousand pass.
double passing(const key_filter& filter) {
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) passed += filter.may_hold(numbered(-1 - i)) ? 1 : 0;
  return passed / 100.0;
}

}  // namespace

TEST_CASE("a key filter denies no key that it holds and most of the others, however far it grows") {
  key_filter filter(1000, std::size_t{1} << 30U);
  for (int i = 0; i < 200'000; ++i) filter.add(numbered(i));
  int denied = 0;
  for (int i = 0; i < 200'000; ++i) denied += filter.may_hold(numbered(i)) ? 0 : 1;
  CHECK(denied == 0);
  CHECK(passing(filter) < 10);
  CHECK(filter.bytes() < 200'000 * 4);
}

TEST_CASE("a key filter that is full keeps to its bytes and denies nothing still") {
  key_filter filter(1000, 4096);
  for (int i = 0; i < 20'000; ++i) filter.add(numbered(i));
  CHECK(filter.bytes() <= 4096);
  int denied = 0;
  for (int i = 0; i < 20'000; ++i) denied += filter.may_hold(numbered(i)) ? 0 : 1;
  CHECK(denied == 0);
}

TEST_CASE("a key that is put into a filter again takes no room") {
  key_filter filter(64, std::size_t{1} << 20U);
  const auto before = filter.bytes();
  for (int round = 0; round < 1000; ++round) {
    for (int i = 0; i < 10; ++i) filter.add(numbered(i));
  }
  CHECK(filter.bytes() == before);
}

TEST_CASE("a set of digests holds each once, the one of zeros too, and gives them in order") {
  digest_set keys;
  CHECK_FALSE(keys.contains(digest{}));
  for (int round = 0; round < 2; ++round) {
    keys.insert(digest{});
    for (int i = 0; i < 5000; ++i) keys.insert(numbered(i));
  }
  CHECK(keys.size() == 5001);
  CHECK(keys.contains(digest{}));
  CHECK(keys.contains(numbered(4999)));
  CHECK_FALSE(keys.contains(numbered(5000)));
  const auto all = keys.sorted();
  CHECK(all.size() == 5001);
  CHECK(std::is_sorted(all.begin(), all.end()));
  keys.clear();
  CHECK(keys.size() == 0);
  CHECK_FALSE(keys.contains(digest{}));
  CHECK_FALSE(keys.contains(numbered(1)));
  CHECK(keys.sorted().empty());
}
