// How fast a durable frontier takes and gives jobs as it fills, and how much memory that needs.
//
//     frontier_speed [JOBS [FOLDER]]       a million, in the folder for temporary files
//
// Prints a line at each tenth: jobs added, how many a second over that tenth, the same for taking and finishing,
// and for keys that are there already; memory at that moment. The state is removed again.

#include <unistd.h>

#include <algorithm>
#include <braid/scrape/durable_frontier.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace braid::scrape;
using steady = std::chrono::steady_clock;

constexpr std::size_t batch = 4096;
constexpr std::size_t sample = 20 * batch;  // of what is measured beside adding

double since(steady::time_point begin) { return std::chrono::duration<double>(steady::now() - begin).count(); }

/// Of VmRSS or VmHWM, in MiB.
double memory(const std::string& name) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name + ":")) return std::strtod(line.c_str() + name.size() + 1, nullptr) / 1024;
  }
  return 0;
}

/// As braid-serp makes them: the key is the text.
std::vector<new_job> jobs_between(std::size_t from, std::size_t to) {
  std::vector<new_job> jobs;
  jobs.reserve(to - from);
  for (auto i = from; i < to; ++i) {
    const auto key = "google\nquery number " + std::to_string(i) + "\n1\nus\nen\ndesktop";
    jobs.emplace_back(key, key);
  }
  return jobs;
}

void add(durable_frontier& frontier, std::size_t from, std::size_t to) {
  for (auto next = from; next < to; next += batch) frontier.add(jobs_between(next, std::min(next + batch, to)));
}

/// Takes and finishes; how many that were.
std::size_t take(durable_frontier& frontier, std::size_t most) {
  const auto now = std::chrono::system_clock::now();
  std::size_t taken = 0;
  while (taken < most) {
    const auto jobs = frontier.take(batch, now);
    if (jobs.empty()) break;
    std::vector<finished_job> done;
    for (const auto& job : jobs) done.emplace_back(job.id);
    frontier.finish(done);
    taken += jobs.size();
  }
  return taken;
}

void measure(const std::filesystem::path& file, std::size_t all) {
  durable_frontier frontier(file, "speed");
  std::printf("%12s %12s %12s %12s %10s\n", "jobs", "add/s", "take/s", "known/s", "MiB");
  std::size_t added = 0;
  const auto whole = steady::now();
  double adding = 0;
  for (std::size_t tenth = 1; tenth <= 10; ++tenth) {
    const auto until = all * tenth / 10;
    auto begin = steady::now();
    add(frontier, added, until);
    frontier.sync();  // or what follows would be charged for it
    const auto time = since(begin);
    adding += time;
    begin = steady::now();
    const auto taken = take(frontier, std::min(sample, until - added));
    const auto taking = since(begin);
    begin = steady::now();
    // Spread over all that are there: neighbours would be found together.
    const auto known = std::min(sample, until);
    for (std::size_t i = 0; i < known; i += batch)
      add(frontier, i * (until / known), std::min(i * (until / known) + batch, until));
    const auto finding = since(begin);
    std::printf("%12zu %12.0f %12.0f %12.0f %10.0f\n", until, static_cast<double>(until - added) / time,
                static_cast<double>(taken) / taking, static_cast<double>(known) / finding, memory("VmRSS"));
    std::fflush(stdout);
    added = until;
  }
  std::printf("%zu added at %.0f/s, %.0f s in all, at most %.0f MiB\n", all, static_cast<double>(all) / adding,
              since(whole), memory("VmHWM"));
}

/// What resuming with the same jobs costs.
void measure_again(const std::filesystem::path& file, std::size_t all) {
  auto begin = steady::now();
  durable_frontier frontier(file, "speed");
  const auto opening = since(begin);
  begin = steady::now();
  const auto some = std::min(all, sample);
  add(frontier, all - some, all);
  std::printf("opened again in %.2f s, the first %zu known keys in %.2f s, %.0f MiB\n", opening, some, since(begin),
              memory("VmRSS"));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t all = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (all < 10) {
    std::fputs("usage: frontier_speed [JOBS [FOLDER]]\n", stderr);
    return 2;
  }
  auto folder = std::filesystem::path(argc > 2 ? argv[2] : std::filesystem::temp_directory_path()) /
                ("frontier-speed-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  measure(folder / "state", all);
  measure_again(folder / "state", all);
  std::filesystem::remove_all(folder);
  return 0;
}
