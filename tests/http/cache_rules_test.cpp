#include <braid/http/cache_rules.hpp>

#include <catch2/catch.hpp>

using namespace braid;
using namespace std::chrono_literals;
using http::cache_control;
using http::cache_verdict;
using http::headers;
using http::stored_response;

namespace {

// Fri, 01 May 2026 00:00:00 GMT
const wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);

stored_response stored_with(headers fields, int status = 200) {
  stored_response out;
  out.fields = std::move(fields);
  out.status = status;
  out.requested = out.received = now;
  return out;
}

cache_control control(std::string_view text) { return http::parse_cache_control(headers{{"Cache-Control", text}}); }

bool stores(headers response, int status = 200, std::string_view request = "") {
  return http::may_store("GET", control(request), status, response);
}

cache_verdict verdict(headers response, std::string_view request, std::chrono::seconds later) {
  const stored_response one = stored_with(std::move(response));
  return http::judge(&one, control(request), now + later);
}

}  // namespace

TEST_CASE("Cache-Control is read in any case, quoted or not, and the first max-age counts") {
  const cache_control got = control("No-Store, max-age=\"5\", x=\"no-cache, max-age=9\", stale-if-error=7, max-age=60");
  CHECK(got.no_store);
  CHECK_FALSE(got.no_cache);
  CHECK(got.max_age == 5s);
  CHECK(got.stale_if_error == 7s);
  CHECK(control("max-age=99999999999999999999").max_age == std::chrono::seconds(1ll << 31));
  CHECK(control("max-age='1'").max_age == 0s);
  CHECK(control("max-age=-1").max_age == 0s);
  CHECK_FALSE(control("max-age =1").max_age);
  CHECK(control("max-stale").max_stale == std::chrono::seconds(1ll << 31));
}

TEST_CASE("Pragma says no-cache where there is no Cache-Control") {
  CHECK(http::parse_cache_control(headers{{"Pragma", "no-cache"}}).no_cache);
  CHECK_FALSE(http::parse_cache_control(headers{{"Pragma", "no-cache"}, {"Cache-Control", "max-age=1"}}).no_cache);
}

TEST_CASE("what may be kept follows from request, status and response") {
  CHECK(stores({{"Cache-Control", "max-age=1"}}));
  CHECK(stores({{"Cache-Control", "private"}, {"ETag", "\"x\""}}));
  CHECK(stores({{"Cache-Control", "max-age=1"}}, 500));
  CHECK(stores({{"Cache-Control", "public"}}, 599));
  CHECK_FALSE(stores({}));
  CHECK_FALSE(stores({{"ETag", "\"x\""}}, 500));
  CHECK_FALSE(stores({{"Cache-Control", "max-age=1, no-store"}}));
  CHECK_FALSE(stores({{"Cache-Control", "max-age=1"}}, 200, "no-store"));
  CHECK_FALSE(stores({{"Cache-Control", "max-age=1"}, {"Vary", "A, *"}}));
  CHECK_FALSE(stores({{"Cache-Control", "max-age=1"}}, 206));
  CHECK_FALSE(stores({{"Cache-Control", "max-age=1"}, {"Location", "/"}}, 301));
  CHECK(stores({{"Cache-Control", "max-age=1, no-store, must-understand"}}));
  CHECK_FALSE(stores({{"Cache-Control", "max-age=1, no-store, must-understand"}}, 599));
  CHECK_FALSE(http::may_store("POST", {}, 200, headers{{"Cache-Control", "max-age=1"}}));
}

TEST_CASE("the lifetime comes from max-age, then Expires, then a tenth of the age at the origin") {
  const auto lifetime = [](headers fields, int status = 200) {
    return http::freshness_lifetime(stored_with(std::move(fields), status));
  };
  CHECK(lifetime({{"Cache-Control", "s-maxage=9, max-age=5"}, {"Expires", "Sat, 02 May 2026 00:00:00 GMT"}}) == 5s);
  CHECK(lifetime({{"Expires", "Fri, 01 May 2026 00:01:00 GMT"}}) == 60s);
  CHECK(lifetime({{"Expires", "Fri, 01 May 2026 00:01:00 GMT"}, {"Date", "Fri, 01 May 2026 00:00:50 GMT"}}) == 10s);
  CHECK(lifetime({{"Expires", "0"}, {"Last-Modified", "Thu, 30 Apr 2026 00:00:00 GMT"}}) == 0s);
  CHECK(lifetime({{"Last-Modified", "Thu, 30 Apr 2026 00:00:00 GMT"}}) == 8640s);
  CHECK(lifetime({{"Last-Modified", "Sun Nov  6 08:49:37 0997"}}) == 24h * 7);
  CHECK(lifetime({{"Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"}}) == 24h * 7);
  CHECK(lifetime({{"Last-Modified", "Thu, 30 Apr 2026 00:00:00 GMT"}}, 403) == 0s);
}

TEST_CASE("the age counts what others kept it, the way here, and the time since") {
  stored_response one = stored_with({{"Age", "10, 99"}, {"Date", "Thu, 30 Apr 2026 23:59:55 GMT"}});
  one.requested = now - 3s;
  CHECK(http::current_age(one, now + 7s) == 20s);
  one.fields.set("Age", "1.5");
  CHECK(http::current_age(one, now + 7s) == 12s);
  CHECK(http::current_age(one, now - 1h) == 5s);
}

TEST_CASE("a verdict follows from both sides' directives and the time") {
  const headers plain{{"Cache-Control", "max-age=60"}};
  CHECK(http::judge(nullptr, {}, now) == cache_verdict::fetch);
  CHECK(http::judge(nullptr, control("only-if-cached"), now) == cache_verdict::unavailable);
  CHECK(verdict(plain, "", 59s) == cache_verdict::serve);
  CHECK(verdict(plain, "", 60s) == cache_verdict::validate);
  CHECK(verdict(plain, "only-if-cached", 60s) == cache_verdict::unavailable);
  CHECK(verdict(plain, "no-cache", 0s) == cache_verdict::validate);
  CHECK(verdict(plain, "max-age=5", 6s) == cache_verdict::validate);
  CHECK(verdict(plain, "min-fresh=10", 50s) == cache_verdict::serve);
  CHECK(verdict(plain, "min-fresh=11", 50s) == cache_verdict::validate);
  CHECK(verdict(plain, "max-stale=10", 70s) == cache_verdict::serve);
  CHECK(verdict(plain, "max-stale=10", 71s) == cache_verdict::validate);
  CHECK(verdict({{"Cache-Control", "max-age=60, must-revalidate"}}, "max-stale", 61s) == cache_verdict::validate);
  CHECK(verdict({{"Cache-Control", "max-age=60, no-cache"}}, "", 0s) == cache_verdict::validate);
  const headers behind{{"Cache-Control", "max-age=60, stale-while-revalidate=10"}};
  CHECK(verdict(behind, "", 70s) == cache_verdict::serve_and_refresh);
  CHECK(verdict(behind, "", 71s) == cache_verdict::validate);
}

TEST_CASE("a stale response stands in for a failure only where stale-if-error says so") {
  const auto stands_in = [](std::string_view response, std::string_view request, std::chrono::seconds later) {
    return http::may_serve_on_error(stored_with({{"Cache-Control", response}}), control(request), now + later);
  };
  CHECK(stands_in("max-age=1, stale-if-error=10", "", 11s));
  CHECK_FALSE(stands_in("max-age=1, stale-if-error=10", "", 12s));
  CHECK_FALSE(stands_in("max-age=1", "", 2s));
  CHECK(stands_in("max-age=1", "stale-if-error=10", 2s));
  CHECK_FALSE(stands_in("max-age=1, must-revalidate, stale-if-error=10", "", 2s));
}

TEST_CASE("Vary and Authorization select among stored responses") {
  const headers asked{{"Accept", "a, b"}, {"Foo", "1"}};
  stored_response one;
  one.selecting = http::selecting_fields(asked, headers{{"Vary", "accept, Bar"}});
  CHECK(http::is_selected(one, headers{{"Accept", "a"}, {"accept", "b"}}));
  CHECK_FALSE(http::is_selected(one, headers{{"Accept", "a, b"}, {"Bar", "1"}}));
  CHECK_FALSE(http::is_selected(one, headers{{"Accept", "b, a"}}));
  CHECK_FALSE(http::is_selected(one, headers{{"Accept", "a, b"}, {"Authorization", "Bearer t"}}));
}

TEST_CASE("fields of the connection are not kept") {
  const headers kept = http::storable_fields({{"Connection", "close, X-Hop"},
                                              {"x-hop", "1"},
                                              {"Keep-Alive", "timeout=5"},
                                              {"Transfer-Encoding", "chunked"},
                                              {"Set-Cookie", "a=b"}});
  CHECK(kept.size() == 1);
  CHECK(kept.get("Set-Cookie") == "a=b");
}

TEST_CASE("a 304 renews the fields but not those that tell of the body") {
  const stored_response old =
      stored_with({{"ETag", "\"x\""}, {"A", "1"}, {"B", "1"}, {"Content-Length", "5"}, {"Age", "9"}});
  headers request;
  CHECK(http::add_validators(request, old));
  CHECK(request.get("If-None-Match") == "\"x\"");
  const stored_response renewed = http::freshened(
      old, {{"A", "2"}, {"a", "3"}, {"Content-Length", "0"}, {"Connection", "close"}}, now + 1s, now + 2s);
  CHECK(renewed.fields.get_all("A").size() == 2);
  CHECK(renewed.fields.get("B") == "1");
  CHECK(renewed.fields.get("Content-Length") == "5");
  CHECK_FALSE(renewed.fields.has("Age"));
  CHECK_FALSE(renewed.fields.has("Connection"));
  CHECK(renewed.received == now + 2s);
  CHECK_FALSE(http::add_validators(request, stored_with({})));
}

TEST_CASE("a byte range names bytes that are there") {
  const auto range = [](std::string_view text) -> std::pair<std::uint64_t, std::uint64_t> {
    const auto got = http::parse_byte_range(text, 10);
    if (!got) return {99, 99};
    return {got->begin, got->size};
  };
  using pair = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(range("bytes=0-1") == pair(0, 2));
  CHECK(range("bytes=4-") == pair(4, 6));
  CHECK(range("bytes=-3") == pair(7, 3));
  CHECK(range("bytes=-30") == pair(0, 10));
  CHECK(range("bytes=8-30") == pair(8, 2));
  for (const char* const text :
       {"bytes=10-", "bytes=3-2", "bytes=-0", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes"}) {
    CAPTURE(text);
    CHECK(range(text) == pair(99, 99));
  }
}
