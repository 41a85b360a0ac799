#include "serp/serve/callback_rules.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace braid::serve;
using namespace std::chrono_literals;
using braid::scrape::callback_state;
using braid::scrape::task_callback;

namespace {

callback_answer answered(int status) {
  callback_answer out;
  out.status = status;
  if (status != 200) out.error = "no";
  return out;
}

task_callback after(unsigned attempts_before, const callback_answer& what, double unit = 0.5, std::int64_t now = 10'000,
                    const callback_limits& limits = {}) {
  task_callback before;
  before.attempts = attempts_before;
  before.error = "earlier";
  return after_attempt(limits, before, what, 9'000, now, unit);
}

}  // namespace

TEST_CASE("a callback is over with any 2xx") {
  for (const int status : {200, 202, 204, 299}) {
    const auto got = after(3, answered(status));
    CHECK(got.state == callback_state::delivered);
    CHECK(got.attempts == 4);
    CHECK(got.due == 0);
    CHECK(got.error.empty());
  }
}

TEST_CASE("what is no 2xx is tried again after a wait that doubles, with full jitter") {
  for (const int status : {0, 301, 400, 404, 500, 503}) {
    const auto got = after(0, answered(status));
    CHECK(got.state == callback_state::waiting);
    CHECK(got.status == status);
    CHECK(got.error == "no");
    CHECK(got.due == 10'500);
  }
  CHECK(after(0, answered(500), 0).due == 10'000);
  CHECK(after(1, answered(500)).due == 11'000);
  CHECK(after(4, answered(500)).due == 18'000);
  callback_limits many;
  many.attempts = 90;
  CHECK(after(60, answered(500), 0.5, 10'000, many).due == 10'000 + 30 * 60 * 1000);
}

TEST_CASE("who asks for time gets it, up to the longest wait") {
  auto busy = answered(503);
  busy.retry_after = 60s;
  CHECK(after(0, busy).due == 70'500);
  busy.retry_after = 100h;
  CHECK(after(0, busy).due == 10'500 + 3'600'000);
}

TEST_CASE("a callback is given up after 410, at a refused address, and at the limits") {
  CHECK(after(0, answered(410)).state == callback_state::given_up);
  auto refused = answered(0);
  refused.refused = true;
  CHECK(after(0, refused).state == callback_state::given_up);
  CHECK(after(10, answered(500)).state == callback_state::waiting);
  CHECK(after(11, answered(500)).state == callback_state::given_up);
  CHECK(after(11, answered(500)).due == 0);
  const std::int64_t day = 24 * 3600 * 1000;
  CHECK(after(0, answered(500), 0.5, 9'000 + day - 400).state == callback_state::given_up);
  CHECK(after(0, answered(500), 0.5, 9'000 + day - 600).state == callback_state::waiting);
  CHECK(after(0, answered(200), 0.5, 9'000 + 2 * day).state == callback_state::delivered);
}

TEST_CASE("the signature is HMAC-SHA256 over time and body") {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
  CHECK(callback_signature("0123456789abcdef", 1'700'000'000, R"({"a":1})") ==
        "t=1700000000,v1=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23");
}

TEST_CASE("a record that is too long is left out of the callback") {
  braid::scrape::task_row row;
  row.id = "i";
  row.request = "{}";
  row.state = braid::scrape::task_state::done;
  braid::scrape::task_result result;
  result.record = R"({"organic_results":[]})";
  const auto whole = nlohmann::json::parse(callback_body(row, result, 100));
  CHECK(whole["task"]["id"] == "i");
  CHECK(whole["record"] == nlohmann::json::parse(result.record));
  const auto cut = nlohmann::json::parse(callback_body(row, result, 5));
  CHECK(cut["record_left_out"] == true);
  CHECK_FALSE(cut.contains("record"));
}

TEST_CASE("the state of a callback says when it comes again only if it does") {
  auto what = after(0, answered(503));
  what.url = "https://h/\"";
  const auto waiting = nlohmann::json::parse(callback_json(what));
  CHECK(waiting["state"] == "waiting");
  CHECK(waiting["url"] == "https://h/\"");
  CHECK(waiting["last_status"] == 503);
  CHECK(waiting["next_attempt_at"] == "1970-01-01T00:00:10.500Z");
  const auto over = nlohmann::json::parse(callback_json(after(0, answered(200))));
  CHECK(over["state"] == "delivered");
  CHECK_FALSE(over.contains("next_attempt_at"));
  CHECK_FALSE(over.contains("last_error"));
}
