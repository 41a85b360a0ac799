// The command against braid-origin, each a process of its own.
#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "child.hpp"
#include "scratch_folder.hpp"
#include "serp/fetch/packed_page.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;
using strings = std::vector<std::string>;

namespace {

std::string queries(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "query number " + std::to_string(i) + "\n";
  return text;
}

std::vector<json> records(const std::string& text) {
  std::vector<json> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
  return all;
}

std::set<std::string> ids(const std::vector<json>& all) {
  std::set<std::string> found;
  for (const auto& one : all) found.insert(one["search_metadata"]["id"].get<std::string>());
  return found;
}

/// Each id with what does not depend on chance or time.
std::map<std::string, std::string> contents(const std::vector<json>& all) {
  std::map<std::string, std::string> found;
  for (const auto& one : all) {
    found[one["search_metadata"]["id"]] =
        one["search_metadata"]["status"].dump() + one["search_parameters"].dump() + one["organic_results"].dump();
  }
  return found;
}

/// A port that nobody listens on: one that a listener has just given up.
std::string refused_endpoint() {
  std::string url;
  {
    const origin gone;
    url = gone.as("google");
  }
  return url;
}

}  // namespace

TEST_CASE("queries become records, one a line") {
  const origin site;
  const auto run = fetch({"rust atomics", "ravens", "--endpoint", site.as("google"), "--pages", "2", "--hl", "en"});
  INFO(run.err);
  CHECK(run.code == 0);
  const auto all = records(run.out);
  REQUIRE(all.size() == 4);
  CHECK(ids(all).size() == 4);
  for (const auto& one : all) {
    const auto& metadata = one["search_metadata"];
    CHECK(metadata["status"] == "Success");
    CHECK(metadata["page_kind"] == "results");
    CHECK(metadata["http_status"] == 200);
    CHECK(metadata["attempts"] == 1);
    CHECK(metadata["context"] == 0);
    CHECK(metadata["engine_url"].get<std::string>().find("/google/search?q=") != std::string::npos);
    CHECK(metadata["stage_times"]["gather"].get<double>() > 0);
    CHECK(metadata["total_time_taken"].get<double>() >= metadata["stage_times"]["gather"].get<double>());
    CHECK(one["search_parameters"]["hl"] == "en");
    CHECK_FALSE(one.contains("error"));
  }
  CHECK_THAT(run.err, Contains("4 requests: 4 done, 0 blocked, 0 failed"));
  CHECK_THAT(run.err, Contains("gather"));
}

TEST_CASE("through all faults every query ends as exactly one record") {
  const origin site({"--seed", "7", "--fault", "reset:0.1,truncate:0.1,stall:0.05,429:0.1,503:0.1,block:0.1"});
  const auto run = fetch({"--queries", "-", "--endpoint", site.as("google"), "--concurrency", "20", "--timeout", "1",
                          "--retries", "1", "--progress", "none"},
                         queries(100));
  INFO(run.err);
  CHECK(run.code == 1);
  const auto all = records(run.out);
  CHECK(all.size() == 100);
  CHECK(ids(all).size() == 100);
  for (const auto& one : all) {
    const bool success = one["search_metadata"]["status"] == "Success";
    CHECK(success != one.contains("error"));
    if (one["search_metadata"]["page_kind"] == "blocked") CHECK_FALSE(success);
    if (!success) CHECK_FALSE(one["error"]["code"].get<std::string>().empty());
  }
}

TEST_CASE("two contexts give the same records as one") {
  const origin site;
  std::map<std::string, std::string> one;
  for (const auto* contexts : {"1", "2"}) {
    const auto run = fetch({"--queries", "-", "--endpoint", site.as("google"), "--concurrency", "16", "--contexts",
                            contexts, "--progress", "none"},
                           queries(200));
    INFO(run.err);
    CHECK(run.code == 0);
    const auto all = records(run.out);
    CHECK(all.size() == 200);
    if (one.empty()) {
      one = contents(all);
    } else {
      CHECK(contents(all) == one);
      std::set<int> used;
      for (const auto& record : all) used.insert(record["search_metadata"]["context"].get<int>());
      CHECK(used == std::set<int>{0, 1});
    }
  }
}

TEST_CASE("a refused connection is a failed record, and nothing done is exit code 3") {
  const auto run = fetch({"ravens", "--endpoint", refused_endpoint(), "--retries", "1"});
  INFO(run.err);
  CHECK(run.code == 3);
  const auto all = records(run.out);
  REQUIRE(all.size() == 1);
  CHECK(all[0]["search_metadata"]["status"] == "Error");
  CHECK(all[0]["search_metadata"]["attempts"] == 2);
  CHECK(all[0]["error"]["code"] == "connect_failed");
  CHECK(all[0]["error"]["retryable"] == true);
}

TEST_CASE("a blocked page is blocked, not retried and no success") {
  const origin site({"--fault", "block:1"});
  const auto run = fetch({"ravens", "--endpoint", site.as("google")});
  INFO(run.err);
  CHECK(run.code == 3);
  const auto all = records(run.out);
  REQUIRE(all.size() == 1);
  CHECK(all[0]["search_metadata"]["page_kind"] == "blocked");
  CHECK(all[0]["search_metadata"]["attempts"] == 1);
  CHECK(all[0]["error"]["code"] == "blocked");
  CHECK_THAT(run.err, Contains("1 blocked"));
}

TEST_CASE("the first SIGINT finishes what is in flight and saves it") {
  const origin site({"--latency", "200ms"});
  fetch_process run({"--queries", "-", "--endpoint", site.as("google"), "--concurrency", "4", "--progress", "none"},
                    queries(200));
  while (run.out_so_far().empty()) std::this_thread::sleep_for(10ms);
  run.signal(SIGINT);
  const auto after = run.wait();
  INFO(after.err);
  CHECK(after.code == 130);
  const auto all = records(after.out);
  CHECK(all.size() >= 4);
  CHECK(all.size() < 100);
  for (const auto& one : all) CHECK(one["search_metadata"]["status"] == "Success");
  CHECK_THAT(after.err, Contains("left undone"));
}

TEST_CASE("the second SIGINT stops at once, and the file is still whole") {
  const origin site({"--latency", "30s"});
  const scratch_folder folder;
  const auto path = folder.file("r.json");
  fetch_process run({"--queries", "-", "--endpoint", site.as("google"), "--out", path, "--timeout", "60"}, queries(20));
  const auto begin = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(300ms);
  run.signal(SIGINT);
  std::this_thread::sleep_for(200ms);
  run.signal(SIGINT);
  const auto after = run.wait();
  INFO(after.err);
  CHECK(after.code == 130);
  CHECK(std::chrono::steady_clock::now() - begin < 20s);
  CHECK(json::parse(folder.text_of(path)).empty());
}

TEST_CASE("a run killed at any moment is resumed without a lost or doubled record") {
  const origin site({"--latency", "5ms"});
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  const strings arguments = {"--queries",     "-",  "--endpoint", site.as("google"),    "--out",      path,
                             "--concurrency", "16", "--state",    folder.file("state"), "--progress", "none"};
  int code = -1;
  int kills = 0;
  for (int round = 0; round < 50 && code != 0; ++round) {
    fetch_process run(arguments, queries(400));
    if (round < 6) {
      std::this_thread::sleep_for(std::chrono::milliseconds(40 + 13 * round));
      run.signal(SIGKILL);
    }
    const auto after = run.wait();
    code = after.code;
    if (code == 128 + SIGKILL) ++kills;
    INFO(after.err);
    CHECK((code == 0 || code == 128 + SIGKILL));
  }
  CHECK(kills > 0);
  const auto all = records(folder.text_of(path));
  CHECK(all.size() == 400);
  CHECK(ids(all).size() == 400);
}

TEST_CASE("a run that was interrupted goes on without being told its queries again") {
  const origin site({"--latency", "20ms"});
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  const auto state = folder.file("state");
  {
    fetch_process first({"--queries", "-", "--engine", "google,brave", "--endpoint", site.as("google"), "--endpoint",
                         site.as("brave"), "--out", path, "--state", state, "--concurrency", "2", "--progress", "none"},
                        queries(100));
    while (folder.text_of(path).empty()) std::this_thread::sleep_for(10ms);
    first.signal(SIGINT);
    const auto after = first.wait();
    INFO(after.err);
    CHECK(after.code == 130);
  }
  const auto before = records(folder.text_of(path)).size();
  CHECK(before > 0);
  CHECK(before < 200);
  const auto rest = fetch({"--endpoint", site.as("google"), "--endpoint", site.as("brave"), "--out", path, "--state",
                           state, "--concurrency", "50"});
  INFO(rest.err);
  CHECK(rest.code == 0);
  CHECK_THAT(rest.err, Contains(std::to_string(before) + " done in an earlier run"));
  const auto all = records(folder.text_of(path));
  CHECK(all.size() == 200);
  CHECK(ids(all).size() == 200);
}

TEST_CASE("a state is of one output, and nothing else is taken for one") {
  const origin site;
  const scratch_folder folder;
  const auto state = folder.file("state");
  auto run = fetch({"q", "--endpoint", site.as("google"), "--out", folder.file("a.jsonl"), "--state", state});
  INFO(run.err);
  CHECK(run.code == 0);
  run = fetch({"q", "--endpoint", site.as("google"), "--out", folder.file("b.jsonl"), "--state", state});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("belongs to another run"));
  folder.put(folder.file("text"), std::string(2000, 'x'));
  run = fetch({"q", "--out", folder.file("c.jsonl"), "--state", folder.file("text")});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("no SQLite database"));
}

TEST_CASE("many more queries than memory holds at once come through, each once") {
  const origin site;
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  const auto run = fetch({"--queries", "-", "--endpoint", site.as("google"), "--out", path, "--state",
                          folder.file("state"), "--concurrency", "64", "--contexts", "2", "--progress", "none"},
                         queries(2500) + queries(10));
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK_THAT(run.err, Contains("10 duplicates dropped"));
  const auto all = records(folder.text_of(path));
  CHECK(all.size() == 2500);
  CHECK(ids(all).size() == 2500);
}

TEST_CASE("what failed is queued again on request with the reason it failed for") {
  const scratch_folder folder;
  const auto out = folder.file("out.jsonl");
  const auto command = [&](const std::string& endpoint, const strings& more) {
    strings all = {"--endpoint", endpoint, "--retries", "0", "--state", folder.file("state"), "--out", out};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  auto run = fetch(command(refused_endpoint(), {"one", "two"}));
  INFO(run.err);
  CHECK(run.code == 3);
  const origin site;
  run = fetch(command(site.as("google"), {"three"}));
  CHECK(run.code == 0);
  CHECK(records(scratch_folder::text_of(out)).size() == 3);
  run = fetch(command(site.as("google"), {"--retry-failed"}));
  CHECK(run.code == 0);
  CHECK_THAT(run.err, Contains("2 failed in an earlier run, queued again"));
  const auto all = records(scratch_folder::text_of(out));
  REQUIRE(all.size() == 5);
  CHECK(ids(all).size() == 3);
  CHECK_FALSE(all[2]["search_metadata"].contains("failed_before"));
  for (const auto i : {3U, 4U}) {
    CHECK(all[i]["search_metadata"]["status"] == "Success");
    CHECK(all[i]["search_metadata"]["failed_before"] == "connect_failed");
  }
  run = fetch(command(site.as("google"), {"--retry-failed"}));
  CHECK(run.code == 0);
  CHECK_THAT(run.err, Contains("0 failed in an earlier run") && Contains("nothing to do"));
}

TEST_CASE("a SQLite output has a row for each query, however often the run was killed") {
  const origin site({"--latency", "10ms"});
  const scratch_folder folder;
  const auto path = folder.file("r.sqlite");
  const strings arguments = {"--queries",     "-",  "--endpoint", site.as("google"),
                             "--out",         path, "--state",    folder.file("state"),
                             "--concurrency", "8",  "--progress", "none"};
  int code = -1;
  for (int round = 0; round < 30 && code != 0; ++round) {
    fetch_process run(arguments, queries(200));
    if (round < 4) {
      std::this_thread::sleep_for(std::chrono::milliseconds(60 + 20 * round));
      run.signal(SIGKILL);
    }
    const auto after = run.wait();
    code = after.code;
    INFO(after.err);
    CHECK((code == 0 || code == 128 + SIGKILL));
  }
  sqlite3* file = nullptr;
  sqlite3_open(path.c_str(), &file);
  int rows = 0;
  const auto count = [](void* to, int, char** values, char**) {
    *static_cast<int*>(to) = std::stoi(values[0]);
    return 0;
  };
  sqlite3_exec(
      file,
      "SELECT count(*) FROM results WHERE status = 'Success' AND http_status = 200 AND query LIKE 'query number %'",
      count, &rows, nullptr);
  sqlite3_close(file);
  CHECK(rows == 200);
}

TEST_CASE("bad input is exit code 2 with a reason, before anything is sent") {
  auto run = fetch({"q", "--engine", "altavista"});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("altavista") && Contains("google, brave"));
  run = fetch({"--queries", "/nonexistent/words.txt"});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("/nonexistent/words.txt"));
  run = fetch({"q", "--endpoint", "google=::"});
  CHECK(run.code == 2);
  run = fetch({"q", "--out", "r.xml"});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("r.xml"));
  run = fetch({"q", "--out", "/nonexistent/r.jsonl"});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("/nonexistent/r.jsonl"));
}

TEST_CASE("queries come from standard input, tidied and each once") {
  const origin site;
  const auto run = fetch({"--queries", "-", "--endpoint", site.as("google")}, "one\r\n\n  one \ntwo\n");
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(records(run.out).size() == 2);
  CHECK_THAT(run.err, Contains("1 duplicate dropped"));
  CHECK_THAT(run.err, Contains("1 empty line skipped"));
}

TEST_CASE("a full disk ends the run with an error that says so") {
  const origin site;
  const auto run = fetch({"--queries", "-", "--endpoint", site.as("google"), "--out", "/dev/full"}, queries(50));
  CHECK(run.code != 0);
  CHECK_THAT(run.err, Contains("No space left on device"));
}

TEST_CASE("CSV and saved pages") {
  const origin site;
  const scratch_folder folder;
  const auto path = folder.file("r.csv");
  const auto run =
      fetch({"ravens", "--endpoint", site.as("google"), "--out", path, "--save-html", folder.file("pages")});
  INFO(run.err);
  CHECK(run.code == 0);
  const auto text = folder.text_of(path);
  CHECK_THAT(text, Catch::StartsWith("engine,query,page,"));
  CHECK(std::count(text.begin(), text.end(), '\n') > 5);
  const auto index = json::parse(folder.text_of(folder.file("pages/index.jsonl")));
  const auto page = folder.file("pages/" + index["file"].get<std::string>());
  CHECK_THAT(page, Catch::EndsWith(".html.zst"));
  CHECK_THAT(braid::fetch::unpack_page(folder.text_of(page), page), Contains("<h3"));
}

TEST_CASE("what robots.txt does not allow is not asked for") {
  const origin site;
  const auto run = fetch({"ravens", "--engine", "google,brave", "--endpoint", site.as("google"), "--endpoint",
                          "brave=" + site.url() + "/private", "--robots"});
  INFO(run.err);
  CHECK(run.code == 1);
  const auto all = records(run.out);
  REQUIRE(all.size() == 2);
  for (const auto& one : all) {
    const bool allowed = one["search_parameters"]["engine"] == "google";
    CHECK(one["search_metadata"]["status"] == (allowed ? "Success" : "Error"));
    if (allowed) continue;
    CHECK(one["error"]["code"] == "robots_disallowed");
    CHECK(one["error"]["retryable"] == false);
    CHECK(one["search_metadata"]["attempts"] == 0);
  }
}

TEST_CASE("an engine that refuses is left alone for as long as it asks and nothing is lost") {
  const origin site({"--limit", "50"});
  const auto run = fetch({"--queries", "-", "--endpoint", site.as("google"), "--suspend", "429=1", "--retries", "20",
                          "--concurrency", "20"},
                         queries(60));
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(ids(records(run.out)).size() == 60);
  CHECK_THAT(run.err, Contains("google: 429, to be left alone for 1.00 s"));
  CHECK_THAT(run.err, Contains("google: suspended"));
}

TEST_CASE("what a long suspension leaves undone the next run does") {
  const scratch_folder folder;
  const auto state = folder.file("state"), out = folder.file("out.jsonl");
  const auto words = folder.file("words");
  scratch_folder::put(words, queries(20));
  const auto command = [&](const std::string& endpoint) {
    return strings{"--queries",     words, "--endpoint", endpoint, "--suspend", "captcha=3600,429=3600",
                   "--concurrency", "2",   "--state",    state,    "--out",     out};
  };
  {
    const origin blocking({"--fault", "block:1"});
    const auto run = fetch(command(blocking.as("google")));
    INFO(run.err);
    CHECK(run.code == 3);
    CHECK_THAT(run.err, Contains("left undone") && Contains("to be left alone for 60 min"));
  }
  const auto blocked = records(scratch_folder::text_of(out)).size();
  CHECK(blocked >= 1);
  CHECK(blocked < 20);
  const origin site;
  const auto run = fetch(command(site.as("google")));
  INFO(run.err);
  CHECK(ids(records(scratch_folder::text_of(out))).size() == 20);
  CHECK(run.code == 0);
}

TEST_CASE("how many requests an engine takes at once is found out") {
  const origin site({"--latency", "5ms", "--capacity", "8"});
  const auto run = fetch({"--queries", "-", "--endpoint", site.as("google"), "--concurrency", "auto:32"}, queries(300));
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(ids(records(run.out)).size() == 300);
  CHECK_THAT(run.err, Contains("requests at once in the end; one took"));
}

TEST_CASE("a dead proxy is ejected and the living one does its work") {
  const origin site;
  const auto dead = refused_endpoint();
  const auto run = fetch({"--queries", "-", "--endpoint", "google=http://search.example/google", "--rate", "0",
                          "--proxy", site.url() + " tag=us", "--proxy",
                          dead.substr(dead.find("http"), dead.rfind('/') - dead.find("http")), "--retries", "5"},
                         queries(30));
  INFO(run.err);
  CHECK(run.code == 0);
  const auto all = records(run.out);
  CHECK(ids(all).size() == 30);
  for (const auto& one : all) CHECK(one["search_metadata"]["proxy"] == site.url());
  CHECK_THAT(run.err, Contains("30 answered, 0 failed, banned 0, ejected 0") && Contains("ejected 1, not usable"));
}
