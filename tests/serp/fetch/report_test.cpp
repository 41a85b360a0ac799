// The report of a run: what it shows over time is bounded, and what a browser shows is what the run was.
#include <algorithm>
#include <browser.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "child.hpp"
#include "scratch_folder.hpp"
#include "serp/fetch/run_history.hpp"
#include "serp/fetch/run_report.hpp"
#include "serp/fetch/run_tally.hpp"

using namespace braid::fetch;
using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;

namespace {

json data_of(const std::string& page) {
  const std::string mark = R"(id="data">)";
  const auto begin = page.find(mark) + mark.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::string queries(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "query number " + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("the history of a run has a bounded number of samples, of all its length, and keeps peaks") {
  run_history history;
  bool peaked = false;
  for (double at = 1; at <= 100'000; at += history.interval_s()) {
    run_sample sample;
    sample.at_s = at;
    sample.p99_s = !peaked && at > 50'000 ? 9 : 1;
    peaked = peaked || at > 50'000;
    history.add(sample);
  }
  const auto& samples = history.samples();
  CHECK(samples.size() < 1200);
  CHECK(samples.size() > 500);
  CHECK(samples.front().at_s < 500);
  CHECK(samples.back().at_s > 99'000);
  CHECK(history.interval_s() > 10);
  const auto peak = std::max_element(samples.begin(), samples.end(),
                                     [](const run_sample& a, const run_sample& b) { return a.p99_s < b.p99_s; });
  CHECK(peak->p99_s == 9);
  CHECK(std::abs(peak->at_s - 50'000) < 500);
}

TEST_CASE("the history of a limit is bounded too") {
  limit_history history;
  for (std::size_t i = 1; i <= 100'000; ++i) history.add(limit_change{braid::time_point(1s * i), i});
  CHECK(history.changes().size() < 1200);
  CHECK(history.changes().front().limit < 500);
  CHECK(history.changes().back().limit > 99'000);
}

TEST_CASE("a tally counts by engine and by proxy, and times only what was answered") {
  run_tally_shared tally;
  tally.expect("google", 3);
  for (const auto* proxy : {"", "http://p:1"}) tally.began("google", proxy);
  CHECK(tally.engines().at("google").in_flight == 2);
  tally.ended("google", "", 20ms, true);
  tally.ended("google", "http://p:1", 500ms, false);
  tally.saved("google", "", outcome::success);
  tally.saved("google", "http://p:1", outcome::blocked);
  const auto google = tally.engines().at("google");
  CHECK(google.total == 3);
  CHECK(google.in_flight == 0);
  CHECK(google.attempts == 2);
  CHECK(google.answered == 1);
  CHECK(google.finished() == 2);
  const auto proxies = tally.proxies();
  REQUIRE(proxies.size() == 1);
  CHECK(proxies.at("http://p:1").blocked == 1);
  CHECK(proxies.at("http://p:1").done == 0);
  CHECK(tally.times().at("google").max() == 20'000'000);
  CHECK(tally.take_recent().count() == 1);
  CHECK(tally.take_recent().empty());
}

TEST_CASE("the report of a run is one page that shows what the run was") {
  const origin site({"--capacity", "8", "--latency", "5ms", "--fault", "block:0.1", "--seed", "5"});
  const scratch_folder folder;
  const auto file = folder.file("report.html");
  const auto run = fetch({"--queries", "-", "--endpoint", "google=http://user:secret@search.example/google", "--proxy",
                          site.url() + " tag=de", "--rate", "0", "--suspend", "off", "--concurrency", "auto:64",
                          "--out", folder.file("r.jsonl"), "--report", file},
                         queries(400));
  INFO(run.err);
  CHECK(run.code == 1);
  const auto page = scratch_folder::text_of(file);
  CHECK_THAT(page, Contains("Chart.js v") && !Contains(" src=") && !Contains("<link") && !Contains("secret"));
  const auto data = data_of(page);
  const auto& totals = data["totals"];
  CHECK(totals["requests"] == 400);
  CHECK(totals["done"].get<int>() + totals["blocked"].get<int>() == 400);
  CHECK(totals["blocked"] > 10);
  CHECK(data["errors"]["blocked"] == totals["blocked"]);
  REQUIRE(data["engines"].size() == 1);
  CHECK(data["engines"][0]["name"] == "google");
  CHECK(data["engines"][0]["total"] == 400);
  CHECK(data["engines"][0]["attempts"] >= 400);
  CHECK(data["engines"][0]["limits"][0]["limit"] == 64);
  CHECK(data["engines"][0]["limits"][0]["reason"] == "start");
  CHECK(data["engines"][0]["limits"][1]["reason"] == "probe");
  REQUIRE(data["proxies"].size() == 1);
  CHECK(data["proxies"][0]["blocked"] == totals["blocked"]);
  CHECK(data["proxies"][0]["tag"] == "de");
  CHECK(data["stages"][2]["done"] == 400);
  CHECK(data["samples"].back()["done"] == totals["done"]);
  if (!have_browser()) return;
  for (const auto* window : {"--window-size=1280,900", "--window-size=390,844"}) {
    const auto shown = in_browser(page, window);
    CHECK(shown.console.empty());
    CHECK_THAT(shown.document, Contains("data-drawn=\"yes\"") && Contains("<td>requests</td><td>400</td>") &&
                                   Contains("<td>done</td><td>" + totals["done"].dump() + "</td>") &&
                                   Contains("halved for a round") && Contains("Block rate of each proxy") &&
                                   Contains("<td>google</td>") && Contains("<canvas"));
  }
}

TEST_CASE("a report that cannot be written is found before anything is asked for") {
  const scratch_folder folder;
  const auto run = fetch({"q", "--endpoint", "google=http://127.0.0.1:9", "--report", "/nowhere/x.html"});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("/nowhere/x.html"));
}
