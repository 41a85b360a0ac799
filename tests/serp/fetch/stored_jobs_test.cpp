#include "serp/fetch/stored_jobs.hpp"

#include <braid/core/error.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>

#include "plain_engines.hpp"
#include "scratch_folder.hpp"
#include "serp/fetch/plan.hpp"

using namespace braid::fetch;

namespace {

job sample(const plain_engines& engines, const fetch_options& options, const std::string& query) {
  job what;
  what.engine = "brave";
  what.query = query;
  what.page = 3;
  what.gl = "de";
  what.device = "mobile";
  complete(what, options, engines);
  return what;
}

braid::scrape::lanes::id one_lane(const std::string&) { return 0; }

}  // namespace

TEST_CASE("a stored job is the same request at the endpoint of the day") {
  const plain_engines engines;
  fetch_options options;
  const auto what = sample(engines, options, "a b");
  options.endpoints["brave"] = "http://127.0.0.1:1";
  const auto found = job_of_key(request_key(what), options, engines);
  CHECK(request_key(found) == request_key(what));
  CHECK(found.id == what.id);
  CHECK(found.page == 3);
  CHECK(found.url.starts_with("http://127.0.0.1:1/"));
  for (const auto* damaged : {"", "brave", "brave\nq\nx\n\n\n", "brave\nq\n1"}) {
    CHECK_THROWS_AS(job_of_key(damaged, options, engines), braid::io_error);
  }
}

TEST_CASE("memory holds a window of the stored jobs") {
  const scratch_folder folder;
  const plain_engines engines;
  fetch_options options;
  options.engines = {"brave"};
  options.state_file = folder.file("state");
  braid::scrape::frontier_shared<job> next;
  stored_jobs_shared stored(options.state_file, "r", options, engines, next, one_lane);
  std::vector<job> jobs;
  for (int i = 0; i < 5000; ++i) jobs.push_back(sample(engines, options, std::to_string(i)));
  CHECK(stored.add(jobs) == 5000);
  CHECK(stored.add(jobs) == 0);
  CHECK(next.waiting() == 0);
  stored.refill();
  CHECK(next.waiting() == 1024);
  stored.refill();
  CHECK(next.waiting() == 1024);
  CHECK(stored.counts().waiting == 5000 - 1024);
}

TEST_CASE("a run ends without the stored jobs of an engine that was given up") {
  const scratch_folder folder;
  const plain_engines engines;
  fetch_options options;
  options.engines = {"brave"};
  options.state_file = folder.file("state");
  braid::scrape::frontier_shared<job> next;
  const auto lane = next.add_lane();
  stored_jobs_shared stored(options.state_file, "r", options, engines, next, one_lane);
  next.on_undone([&](braid::scrape::lanes::id which) { stored.leave_lane(which); });
  std::vector<job> jobs;
  for (int i = 0; i < 5000; ++i) jobs.push_back(sample(engines, options, std::to_string(i)));
  stored.add(jobs);
  stored.refill();
  next.abandon(lane);
  CHECK(next.waiting() == 0);
  CHECK(next.abandoned() == 1024);
  CHECK(stored.counts().waiting == 5000 - 1024);
  std::optional<braid::scrape::frontier_shared<job>::taken> taken;
  bool ended = false;
  braid::testing::run_virtual([&]() -> braid::awaitable<void> {
    taken = co_await next.next();
    ended = true;
  });
  CHECK(ended);
  CHECK_FALSE(taken);
}
