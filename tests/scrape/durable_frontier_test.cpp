#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <braid/core/error.hpp>
#include <braid/scrape/durable_frontier.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <set>
#include <vector>

#include "scratch_folder.hpp"

using namespace std::chrono_literals;
using braid::scrape::durable_frontier;
using braid::scrape::durable_frontier_options;
using braid::scrape::finished_job;
using braid::scrape::new_job;
using braid::scrape::taken_job;
using Catch::Contains;

namespace {

const durable_frontier::time start(1000h);

std::vector<new_job> numbered(int from, int to) {
  std::vector<new_job> jobs;
  for (int i = from; i < to; ++i) jobs.emplace_back("key " + std::to_string(i), "job " + std::to_string(i));
  return jobs;
}

std::vector<std::string> texts(const std::vector<taken_job>& jobs) {
  std::vector<std::string> all;
  for (const auto& job : jobs) all.push_back(job.text);
  return all;
}

std::vector<finished_job> all_done(const std::vector<taken_job>& jobs, bool with_records = false) {
  std::vector<finished_job> done;
  for (const auto& job : jobs) done.emplace_back(job.id, false, with_records ? "record of " + job.text : "");
  return done;
}

using strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a durable frontier gives each key out once, in order of priority and age") {
  const scratch_folder folder;
  durable_frontier jobs(folder.file("state"), "r.jsonl");
  std::vector<new_job> some = {{"a", "a", 5}, {"b", "b"}, {"b", "b again"}, {"c", "c", -1}, {"d", "d", 5}};
  CHECK(jobs.add(some) == 4);
  CHECK(jobs.add(some) == 0);
  CHECK(texts(jobs.take(2, start)) == strings{"c", "b"});
  // What comes in later and matters more is next.
  const std::vector<new_job> urgent = {{"e", "e", -7}};
  CHECK(jobs.add(urgent) == 1);
  CHECK(texts(jobs.take(9, start)) == strings{"e", "a", "d"});
  CHECK(jobs.take(9, start).empty());
  const auto counts = jobs.counts();
  CHECK(counts.added == 5);
  CHECK(counts.taken == 5);
  CHECK(counts.waiting == 0);
}

TEST_CASE("what was not finished waits again in the next life of a durable frontier") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  {
    durable_frontier jobs(path, "r.jsonl");
    CHECK_FALSE(jobs.has_mark());
    CHECK(jobs.add(numbered(0, 10)) == 10);
    auto taken = jobs.take(6, start);
    taken.resize(4);
    jobs.finish(all_done(taken), 400);
  }
  durable_frontier jobs(path, "r.jsonl");
  CHECK(jobs.has_mark());
  CHECK(jobs.mark() == 400);
  CHECK(jobs.add(numbered(0, 10)) == 0);
  CHECK(jobs.counts().done == 4);
  CHECK(jobs.counts().waiting == 6);
  CHECK(texts(jobs.take(2, start)) == strings{"job 4", "job 5"});
}

TEST_CASE("a job given back says why and comes when it is due") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  {
    durable_frontier jobs(path, "r.jsonl");
    jobs.add(numbered(0, 3));
    const auto taken = jobs.take(2, start);
    jobs.give_back(taken[0].id, "429", start + 1min);
    jobs.give_back(taken[1].id, "reset");
    CHECK(jobs.counts().waiting == 3);
    CHECK_THROWS_AS(jobs.give_back(taken[1].id, "twice"), braid::invalid_argument);
  }
  durable_frontier jobs(path, "r.jsonl");
  CHECK(jobs.next_due() == start + 1min);
  auto now = jobs.take(9, start + 59s);
  CHECK(texts(now) == strings{"job 1", "job 2"});
  CHECK(now[0].attempts == 1);
  CHECK(now[0].reason == "reset");
  CHECK(now[1].attempts == 0);
  now = jobs.take(9, start + 60s);
  REQUIRE(texts(now) == strings{"job 0"});
  CHECK(now[0].reason == "429");
}

TEST_CASE("the lanes of a durable frontier are queues of their own") {
  const scratch_folder folder;
  durable_frontier jobs(folder.file("state"), "");
  const std::vector<new_job> some = {{"a", "a", 3, 1}, {"b", "b", 2, 2}, {"c", "c", 1, 1}, {"a", "a", 0, 2}};
  CHECK(jobs.add(some) == 3);
  CHECK(jobs.take(9, start).empty());
  const auto first = jobs.take(9, start, 1);
  CHECK(texts(first) == strings{"c", "a"});
  CHECK(texts(jobs.take(9, start, 2)) == strings{"b"});
  jobs.give_back(first[1].id, "later", start + 1s);
  CHECK(jobs.take(9, start + 1s, 2).empty());
  auto again = jobs.take(9, start + 1s, 1);
  REQUIRE(texts(again) == strings{"a"});
  const std::vector<finished_job> failed = {finished_job(again[0].id, true)};
  jobs.finish(failed);
  CHECK(jobs.retry_failed() == 1);
  CHECK(texts(jobs.take(9, start + 1s, 1)) == strings{"a"});
}

TEST_CASE("a job may be added for later") {
  const scratch_folder folder;
  durable_frontier jobs(folder.file("state"), "");
  std::vector<new_job> one = {{"a", "a"}};
  one[0].not_before = start + 1s;
  jobs.add(one);
  CHECK(jobs.take(1, start).empty());
  CHECK(jobs.counts().waiting == 1);
  CHECK(jobs.take(1, start + 1s).size() == 1);
}

TEST_CASE("records are kept with the end of their jobs, and failed jobs can wait again") {
  const scratch_folder folder;
  durable_frontier jobs(folder.file("state"), "");
  jobs.add(numbered(0, 3));
  auto done = all_done(jobs.take(3, start), true);
  done[1].failed = true;
  done[1].reason = "timeout";
  jobs.finish(done);
  CHECK(jobs.records(0, 9) == strings{"record of job 0", "record of job 1", "record of job 2"});
  CHECK(jobs.records(2, 9) == strings{"record of job 2"});
  CHECK(jobs.counts().failed == 1);
  CHECK(jobs.retry_failed() == 1);
  CHECK(jobs.counts().failed == 0);
  const auto again = jobs.take(9, start);
  REQUIRE(texts(again) == strings{"job 1"});
  CHECK(again[0].attempts == 1);
  CHECK(again[0].reason == "timeout");
}

TEST_CASE("a state file of another run, an open one or another kind of file is refused") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  {
    const durable_frontier jobs(path, "r.jsonl");
    CHECK_THROWS_WITH(durable_frontier(path, "r.jsonl"), Contains("another process uses it"));
  }
  CHECK_THROWS_WITH(durable_frontier(path, "other.jsonl"), Contains("it belongs to another run"));
  const std::string text(5000, 'x');
  folder.put(folder.file("text"), text);
  CHECK_THROWS_WITH(durable_frontier(folder.file("text"), ""), Contains("no SQLite database"));
  CHECK(folder.text_of(folder.file("text")) == text);
  CHECK_THROWS_WITH(durable_frontier("/nonexistent/state", ""), Contains("No such file or directory"));
}

TEST_CASE("a full disk takes back the call that met it and nothing else") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  int stored = 0;
  {
    durable_frontier_options options;
    options.most_bytes = 400'000;
    durable_frontier jobs(path, "", options);
    std::string reason;
    for (int i = 0; i < 100'000 && reason.empty(); i += 500) {
      try {
        jobs.add(numbered(i, i + 500));
        stored = i + 500;
      } catch (const braid::io_error& e) {
        reason = e.what();
      }
    }
    CHECK_THAT(reason, Contains(path) && Contains("the disk is full; what was committed before is safe"));
    CHECK(stored >= 500);
    CHECK(jobs.counts().added == static_cast<unsigned>(stored));
    // What is there can still be worked on.
    CHECK(jobs.take(10, start).size() == 10);
  }
  durable_frontier jobs(path, "");
  CHECK(jobs.counts().waiting == static_cast<unsigned>(stored));
  CHECK(jobs.add(numbered(0, stored + 700)) == 700);
  CHECK(jobs.take(static_cast<std::size_t>(stored) + 1000, start).size() == static_cast<std::size_t>(stored) + 700);
}

TEST_CASE("a file that cannot grow is a clear error, and the jobs before it stay") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  const pid_t child = fork();
  if (child == 0) {
    // RLIMIT_FSIZE makes writing fail as a full disk does, for this process and in the middle of the log.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {600'000, 600'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    int added = 0;
    try {
      durable_frontier jobs(path, "");
      while (true) added += static_cast<int>(jobs.add(numbered(added, added + 100)));
    } catch (const braid::io_error& e) {
      const bool clear = std::string(e.what()).find("what was committed before is safe") != std::string::npos;
      _exit(clear ? added / 100 : 0);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  const auto added = static_cast<unsigned>(WEXITSTATUS(status)) * 100;
  CHECK(added >= 100);
  durable_frontier jobs(path, "");
  CHECK(jobs.counts().added == added);
  CHECK(jobs.take(100'000, start).size() == added);
}

TEST_CASE("keys are remembered beyond what memory holds of them") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  durable_frontier_options options;
  options.recent_keys = 100;
  for (int life = 0; life < 3; ++life) {
    durable_frontier jobs(path, "", options);
    for (int i = 0; i < 1000; i += 70) jobs.add(numbered(i, i + 70));
    CHECK(jobs.add(numbered(0, 1050)) == 0);
    CHECK(jobs.counts().added == 1050);
  }
}

TEST_CASE("a disk that fills while keys move to their place loses and doubles none") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  durable_frontier_options options;
  options.recent_keys = 100;
  int failures = 0;
  for (std::uint64_t kib = 100; kib <= 1000; kib += 100) {
    options.most_bytes = kib * 1024;
    durable_frontier jobs(path, "", options);
    for (int i = 0; i < 6000; i += 50) {
      try {
        jobs.add(numbered(i, i + 60));
      } catch (const braid::io_error&) {
        ++failures;
      }
    }
  }
  CHECK(failures > 10);
  durable_frontier jobs(path, "");
  jobs.add(numbered(0, 6010));
  const auto all = texts(jobs.take(10'000, start));
  CHECK(all.size() == 6010);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 6010);
}

TEST_CASE("a process killed while it adds leaves each job once or not at all") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  durable_frontier_options options;
  options.recent_keys = 100;
  int kills = 0;
  for (int round = 0; round < 30; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      durable_frontier jobs(path, "", options);
      for (int i = 0; i < 20'000; i += 40) jobs.add(numbered(i, i + 50));
      _exit(0);
    }
    usleep(static_cast<useconds_t>(3000 + 1000 * round));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) ++kills;
  }
  durable_frontier jobs(path, "", options);
  jobs.add(numbered(0, 20'000));
  const auto all = texts(jobs.take(30'000, start));
  const std::set<std::string> once(all.begin(), all.end());
  CHECK(all.size() == once.size());
  CHECK(once.size() >= 20'000);
  CHECK(kills > 0);
}

TEST_CASE("a durable frontier killed at any moment has finished each job once or not at all") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  {
    durable_frontier jobs(path, "");
    jobs.add(numbered(0, 2000));
  }
  int kills = 0;
  for (int round = 0; round < 40; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      durable_frontier jobs(path, "");
      for (auto taken = jobs.take(7, start); !taken.empty(); taken = jobs.take(7, start)) {
        jobs.finish(all_done(taken, true));
      }
      _exit(0);
    }
    usleep(static_cast<useconds_t>(2000 + 700 * round));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) ++kills;
    const durable_frontier jobs(path, "");
    const auto counts = jobs.counts();
    CHECK(counts.waiting + counts.done == 2000);
  }
  durable_frontier jobs(path, "");
  jobs.finish(all_done(jobs.take(2000, start), true));
  const auto records = jobs.records(0, 5000);
  CHECK(records.size() == 2000);
  CHECK(std::set<std::string>(records.begin(), records.end()).size() == 2000);
  CHECK(kills > 0);
}
