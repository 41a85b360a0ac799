#include <braid/core/error.hpp>
#include <braid/http/request.hpp>
#include <braid/http/retry.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace braid::http;

namespace {

const failed_attempt again{true, {}};

retry_policy policy(unsigned retries) {
  retry_options options;
  options.retries = retries;
  options.base = 1s;
  options.longest_wait = 10s;
  options.longest_retry_after = 60s;
  return retry_policy(options);
}

}  // namespace

TEST_CASE("a failure that is not retryable ends the job at once") {
  CHECK_FALSE(policy(5).wait_after(1, failed_attempt{false, {}}, 0.5));
  CHECK_FALSE(policy(5).wait_after(1, failed_attempt{false, 1s}, 0.5));
}

TEST_CASE("retries are counted, the first attempt is none") {
  CHECK(policy(2).wait_after(1, again, 0.5));
  CHECK(policy(2).wait_after(2, again, 0.5));
  CHECK_FALSE(policy(2).wait_after(3, again, 0.5));
  CHECK_FALSE(policy(0).wait_after(1, again, 0.5));
}

TEST_CASE("the longest wait doubles up to its bound, and jitter takes all of it") {
  const auto longest = [](unsigned attempt) { return *policy(1000).wait_after(attempt, again, 1.0); };
  CHECK(longest(1) == 1s);
  CHECK(longest(2) == 2s);
  CHECK(longest(4) == 8s);
  CHECK(longest(5) == 10s);
  CHECK(longest(900) == 10s);
  CHECK(*policy(1000).wait_after(4, again, 0.0) == 0s);
  CHECK(*policy(1000).wait_after(4, again, 0.25) == 2s);
}

TEST_CASE("a Retry-After is never shortened, and too long a one ends the job") {
  CHECK(*policy(2).wait_after(1, failed_attempt{true, 7s}, 0.0) == 7s);
  CHECK(*policy(2).wait_after(1, failed_attempt{true, 7s}, 0.5) == 7500ms);
  CHECK(*policy(2).wait_after(1, failed_attempt{true, 60s}, 0.0) == 60s);
  CHECK_FALSE(policy(2).wait_after(1, failed_attempt{true, 61s}, 0.0));
}

TEST_CASE("what may pass by itself is retried, what will not is not") {
  CHECK(is_retryable(std::make_exception_ptr(braid::timeout_error("t"))));
  CHECK(is_retryable(std::make_exception_ptr(braid::connect_error("c"))));
  CHECK_FALSE(is_retryable(std::make_exception_ptr(braid::address_refused("a"))));
  using stage = braid::proxy_error::stage;
  CHECK(is_retryable(std::make_exception_ptr(braid::proxy_error(stage::connect, "p"))));
  CHECK(is_retryable(std::make_exception_ptr(braid::proxy_error(stage::refused, "p", 502))));
  CHECK_FALSE(is_retryable(std::make_exception_ptr(braid::proxy_error(stage::refused, "p", 407))));
  CHECK(is_retryable(std::make_exception_ptr(braid::connection_lost("l"))));
  CHECK(is_retryable(std::make_exception_ptr(braid::decode_error("cut off"))));
  CHECK_FALSE(is_retryable(std::make_exception_ptr(braid::tls_error("t"))));
  CHECK_FALSE(is_retryable(std::make_exception_ptr(braid::invalid_url("u"))));
  CHECK_FALSE(is_retryable(std::make_exception_ptr(braid::limit_error("big"))));
  CHECK_FALSE(is_retryable(std::make_exception_ptr(std::runtime_error("?"))));
  CHECK_FALSE(is_retryable(nullptr));
  for (int status : {408, 425, 429, 500, 502, 503, 504}) CHECK(is_retryable_status(status));
  for (int status : {200, 202, 301, 400, 401, 403, 404, 410, 501, 505}) CHECK_FALSE(is_retryable_status(status));
}

TEST_CASE("Retry-After is seconds or a date") {
  const auto now = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 30s;
  CHECK(*parse_retry_after("120", now) == 120s);
  CHECK(*parse_retry_after(" 0 ", now) == 0s);
  CHECK(*parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == 7s);
  CHECK(*parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now) == 0s);
  CHECK(*parse_retry_after("99999999999999999999", now) > 24h);
  for (const auto* bad :
       {"", " ", "-1", "soon", "1.5", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_retry_after(bad, now));
  }
}

TEST_CASE("a response that asks to be left alone says so in one of several fields") {
  const auto now = std::chrono::system_clock::now();
  const auto wait = [&](std::initializer_list<std::pair<const char*, const char*>> fields) {
    headers all;
    for (const auto& [name, value] : fields) all.add(name, value);
    return asked_to_wait(all, now);
  };
  CHECK_FALSE(wait({}));
  CHECK(wait({{"Retry-After", "7"}}) == 7s);
  CHECK(wait({{"Retry-After", "7"}, {"RateLimit", "\"default\";r=0;t=30"}}) == 7s);
  CHECK(wait({{"RateLimit", "\"default\";r=0;t=30"}}) == 30s);
  CHECK(wait({{"RateLimit", "\"a\"; r=0; t=30, \"b\";r=5;t=60"}}) == 30s);
  CHECK_FALSE(wait({{"RateLimit", "\"default\";r=1;t=30"}}));
  CHECK(wait({{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "30"}}) == 30s);
  CHECK(wait({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "30"}}) == 30s);
  CHECK_FALSE(wait({{"RateLimit-Remaining", "3"}, {"RateLimit-Reset", "30"}}));
  CHECK_FALSE(wait({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1790000000"}}));
  CHECK_FALSE(wait({{"Retry-After", "soon"}, {"RateLimit", "broken"}}));
}

TEST_CASE("what may be sent twice is sent twice") {
  for (const char* method : {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
    CHECK(may_be_repeated(request(method, "http://h/")));
  for (const char* method : {"POST", "PATCH"}) CHECK_FALSE(may_be_repeated(request(method, "http://h/")));
  CHECK(may_be_repeated(request("POST", "http://h/").header("Idempotency-Key", "a")));
  request streamed("PUT", "http://h/");
  streamed.stream([]() -> boost::asio::awaitable<std::string> { co_return std::string(); });
  CHECK_FALSE(may_be_repeated(streamed));
}

TEST_CASE("retries stay within their share of the requests") {
  retry_options options;
  options.budget = 0.2;
  options.reserve = 10;
  retry_budget budget(options);
  int retries = 0;
  for (int request = 0; request < 1000; ++request) {
    budget.count_request();
    while (budget.take()) ++retries;
  }
  CHECK(retries >= 200);
  CHECK(retries <= 210);
  // A quiet time saves up no more than the reserve.
  for (int request = 0; request < 1000; ++request) budget.count_request();
  retries = 0;
  while (budget.take()) ++retries;
  CHECK(retries == 10);
}
