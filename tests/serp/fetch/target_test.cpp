#include <catch2/catch.hpp>

#include "serp/fetch/target.hpp"

using namespace std::chrono_literals;
using namespace braid::fetch;
using braid::scrape::frontier_shared;
using braid::scrape::refusal;

namespace {

const braid::time_point start{100s};

target_options suspending() {
  target_options options;
  options.suspensions = braid::scrape::suspension_times();
  return options;
}

void add_jobs(frontier_shared<job>& jobs, const target_shared& target, int count) {
  for (int i = 0; i < count; ++i) jobs.add(job(), std::to_string(i), target.lane());
}

}  // namespace

TEST_CASE("what stands on a page says what kind of refusal it is") {
  CHECK(refusal_of(429, "blocked", "reCAPTCHA: source") == refusal::too_many);
  CHECK(refusal_of(200, "results", "") == std::nullopt);
  CHECK(refusal_of(500, "unknown", "") == std::nullopt);
  CHECK(refusal_of(200, "consent", "") == std::nullopt);
  CHECK(refusal_of(200, "soft_blocked", "") == refusal::denied);
  CHECK(refusal_of(403, "blocked", "status 403") == refusal::denied);
  CHECK(refusal_of(200, "blocked", "selector form#captcha-form") == refusal::captcha);
  CHECK(refusal_of(302, "blocked", "final_url /sorry/") == refusal::captcha);
  CHECK(refusal_of(403, "blocked", "hCaptcha: source") == refusal::captcha);
  CHECK(refusal_of(200, "blocked", "reCAPTCHA: source") == refusal::recaptcha);
  CHECK(refusal_of(403, "blocked", "Cloudflare: title \"Just a moment...\"") == refusal::cloudflare_captcha);
  CHECK(refusal_of(403, "blocked", "Cloudflare: title \"Attention Required! | Cloudflare\"") ==
        refusal::cloudflare_denied);
}

TEST_CASE("a suspension that is worth waiting for holds the engine's jobs and says so once") {
  frontier_shared<job> jobs;
  target_shared target("google", jobs, suspending());
  add_jobs(jobs, target, 10);
  target.refused(refusal::too_many, 20s, start);
  target.refused(refusal::too_many, 20s, start);
  CHECK(target.take_notes() == "google: 429, to be left alone for 20.0 s\n");
  CHECK(target.take_notes().empty());
  CHECK(jobs.waiting() == 10);
  CHECK_THAT(target.summary(), Catch::Contains("suspended 1 time, last for 429"));
}

TEST_CASE("a longer one leaves them undone") {
  frontier_shared<job> jobs;
  target_shared target("google", jobs, suspending());
  add_jobs(jobs, target, 10);
  target.refused(refusal::captcha, {}, start);
  CHECK_THAT(target.take_notes(), Catch::Contains("captcha, to be left alone for") && Catch::Contains("stays undone"));
  CHECK(jobs.waiting() == 0);
  CHECK(jobs.abandoned() == 10);
}

TEST_CASE("without suspensions and limits an engine is only counted") {
  frontier_shared<job> jobs;
  target_shared target("google", jobs, target_options());
  add_jobs(jobs, target, 10);
  target.sent();
  target.over(start, start + 1s, true);
  target.sent();
  target.cancelled();
  target.refused(refusal::captcha, 1h, start);
  target.answered();
  CHECK(jobs.waiting() == 10);
  CHECK(target.take_notes().empty());
  CHECK(target.summary().empty());
}

TEST_CASE("an adaptive limit says what it found out") {
  frontier_shared<job> jobs;
  target_options options;
  options.adaptive.emplace();
  target_shared target("google", jobs, options);
  for (int i = 0; i < 100; ++i) {
    target.sent();
    target.over(start + i * 1s, start + i * 1s + 50ms, false);
  }
  CHECK_THAT(target.summary(),
             Catch::Contains("google: ") && Catch::Contains("requests at once in the end; one took 50.0 ms"));
}
