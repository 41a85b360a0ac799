#include <braid/http/cache.hpp>

#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>

using namespace braid;
using http::headers;
using http::memory_cache;
using http::response_cache;
using http::stored_response;

namespace {

response_cache::entry entry_of(std::string key, std::string body, std::string variant = "") {
  auto out = std::make_shared<stored_response>();
  out->key = std::move(key);
  out->body = std::move(body);
  out->selecting.add("X", variant);
  return out;
}

awaitable<std::string> body_of(memory_cache& cache, std::string key, std::string variant = "") {
  const headers request{{"X", variant}};
  const response_cache::entry found = co_await cache.find(key, request);
  co_return found ? found->body : "none";
}

}  // namespace

TEST_CASE("a memory cache finds the variant that was put last and replaces its like") {
  memory_cache cache;
  testing::run_virtual([&]() -> awaitable<void> {
    co_await cache.put(entry_of("a", "one", "1"));
    co_await cache.put(entry_of("a", "two", "2"));
    co_await cache.put(entry_of("a", "three", "1"));
    const std::string one = co_await body_of(cache, "a", "1"), two = co_await body_of(cache, "a", "2");
    CHECK(one == "three");
    CHECK(two == "two");
    CHECK(cache.size() == 2);
    co_await cache.remove("a");
    CHECK(cache.size() == 0);
    CHECK(cache.bytes() == 0);
    const std::string none = co_await body_of(cache, "a", "1");
    CHECK(none == "none");
  });
}

TEST_CASE("a full memory cache forgets what was not used for longest") {
  http::cache_limits limits;
  limits.bytes = 3 * 10'000;
  limits.entry_bytes = 15'000;
  memory_cache cache(limits);
  testing::run_virtual([&]() -> awaitable<void> {
    co_await cache.put(entry_of("a", std::string(9'000, 'a')));
    co_await cache.put(entry_of("b", std::string(9'000, 'b')));
    co_await body_of(cache, "a");
    co_await cache.put(entry_of("c", std::string(9'000, 'c')));
    co_await cache.put(entry_of("d", std::string(9'000, 'd')));
    const std::string b = co_await body_of(cache, "b");
    CHECK(b == "none");
    const std::string a = co_await body_of(cache, "a");
    CHECK(a.size() == 9'000);
    CHECK(cache.bytes() <= limits.bytes);
    co_await cache.put(entry_of("e", std::string(16'000, 'e')));
    const std::string e = co_await body_of(cache, "e");
    CHECK(e == "none");
  });
}

TEST_CASE("a memory cache keeps so many variants of a URL and no more") {
  http::cache_limits limits;
  limits.variants = 2;
  memory_cache cache(limits);
  testing::run_virtual([&]() -> awaitable<void> {
    for (const char* const variant : {"1", "2", "3"}) co_await cache.put(entry_of("a", variant, variant));
    CHECK(cache.size() == 2);
    const std::string first = co_await body_of(cache, "a", "1");
    CHECK(first == "none");
  });
}
