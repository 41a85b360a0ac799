// A frontier on disk: add jobs, work on some, and find the rest there in the next run, however this one ended.
//
// usage: example_21_durable FILE [JOBS [FINISH]]       try it with 10000000 jobs
#include <algorithm>
#include <braid/core/clock.hpp>
#include <braid/core/error.hpp>
#include <braid/scrape/durable_frontier.hpp>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace braid::scrape;

constexpr std::size_t batch = 10'000;

double seconds_since(braid::time_point begin) {
  return std::chrono::duration<double>(braid::clock::now() - begin).count();
}

std::size_t add(durable_frontier& jobs, std::size_t count) {
  std::size_t added = 0;
  std::vector<new_job> some;
  for (std::size_t i = 0; i < count; ++i) {
    const auto query = "query number " + std::to_string(i);
    some.emplace_back(query, query);
    if (some.size() < batch && i + 1 < count) continue;
    added += jobs.add(some);
    some.clear();
  }
  return added;
}

std::size_t work(durable_frontier& jobs, std::size_t most) {
  std::size_t finished = 0;
  while (finished < most) {
    const auto taken = jobs.take(std::min(most - finished, batch), std::chrono::system_clock::now());
    if (taken.empty()) break;
    std::vector<finished_job> done;
    for (const auto& job : taken) done.emplace_back(job.id, false, "what came of " + job.text);
    jobs.finish(done);
    finished += done.size();
  }
  return finished;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    durable_frontier jobs(argc > 1 ? argv[1] : "jobs.sqlite", "an example");
    std::cout << "found " << jobs.counts().waiting << " waiting, " << jobs.counts().done << " done\n";
    auto begin = braid::clock::now();
    const auto added = add(jobs, argc > 2 ? std::stoul(argv[2]) : 1000);
    std::cout << "added " << added << '\n';
    std::cerr << seconds_since(begin) << " s\n";
    begin = braid::clock::now();
    std::cout << "finished " << work(jobs, argc > 3 ? std::stoul(argv[3]) : 400) << '\n';
    std::cerr << seconds_since(begin) << " s\n";
  } catch (const braid::error& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
