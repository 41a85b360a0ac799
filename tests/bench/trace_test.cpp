// What tasks did when: from a request's timings, in the trace that Perfetto opens, and in the program.
#include <bench/common/trace.hpp>
#include <bench/run/origin_process.hpp>
#include <bench/run/request_spans.hpp>
#include <scratch_folder.hpp>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bench_program.hpp"

using namespace braid::bench;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct event {
  std::string name;
  double begin = 0;
  double end = 0;
};

/// The spans of a trace, by its processes and their threads.
std::map<std::pair<int, int>, std::vector<event>> spans_of(const json& trace) {
  std::map<std::pair<int, int>, std::vector<event>> out;
  for (const auto& one : trace.at("traceEvents")) {
    if (one.at("ph") != "X") continue;
    const double begin = one.at("ts"), took = one.at("dur");
    out[{one.at("pid"), one.at("tid")}].push_back({one.at("name"), begin, begin + took});
  }
  return out;
}

std::map<int, std::string> processes_of(const json& trace) {
  std::map<int, std::string> out;
  for (const auto& one : trace.at("traceEvents")) {
    if (one.at("name") == "process_name") out[one.at("pid")] = one.at("args").at("name");
  }
  return out;
}

}  // namespace

TEST_CASE("a request is a row of phases without gaps") {
  braid::http::request_timings took;
  took.queue = 2us;
  took.resolve = 1us;
  took.connect = 3us;
  took.tls = 4us;
  took.sent = 11us;
  took.first_byte = 50us;
  took.total = 60us;
  braid::measure::span_log log(10);
  add_request(log, 7, 100us, took);
  const auto names = phase_names();
  std::vector<std::string> seen;
  auto at = 100us;
  for (const auto& one : log.spans()) {
    CHECK(one.task == 7);
    CHECK(one.begin == at);
    at = std::chrono::duration_cast<std::chrono::microseconds>(one.end);
    seen.push_back(names.at(one.what));
  }
  CHECK(at == 160us);
  CHECK(seen == std::vector<std::string>{"queue", "connect", "send", "wait", "receive"});
}

TEST_CASE("a request over a kept connection did not wait for one to be made") {
  braid::http::request_timings took;
  took.connect = 3us;  // of the connection, when it was made
  took.reused = true;
  took.sent = 1us;
  took.first_byte = 5us;
  took.total = 5us;
  braid::measure::span_log log(10);
  add_request(log, 0, 0us, took);
  REQUIRE(log.spans().size() == 2);
  CHECK(log.spans()[0].end == 1us);
}

TEST_CASE("modes records what each task did") {
  const scratch_folder folder;
  const auto file = folder.file("trace.json");
  const auto result = bench_tests::run(
      "modes --only sequential,concurrent,parallel-concurrent -n 24 -c 6 --contexts 2 --latency 20ms --page-bytes 8K "
      "--parse --repeat 2 --warm-up 20ms --progress none --trace " +
      file);
  CHECK(result.code == 0);
  const auto trace = json::parse(scratch_folder::text_of(file));
  const auto processes = processes_of(trace);
  std::set<std::string> names;
  for (const auto& [number, name] : processes) names.insert(name);
  CHECK(names == std::set<std::string>{"sequential: context 1", "concurrent: context 1",
                                       "parallel-concurrent: context 1", "parallel-concurrent: context 2"});

  std::map<std::string, int> waits;
  std::map<std::string, std::set<int>> tasks;
  std::map<std::string, bool> at_once;  // did two tasks of one context wait at the same time?
  std::map<int, std::vector<event>> by_process;
  for (const auto& [where, spans] : spans_of(trace)) {
    double end = 0;
    for (const auto& one : spans) {
      INFO(processes.at(where.first) << ", task " << where.second << ": " << one.name << " at " << one.begin);
      CHECK(one.begin >= end - 0.001);  // a task does one thing after the other
      end = one.end;
      if (one.name != "wait") continue;
      CHECK(one.end - one.begin >= 19'000);  // the origin's latency
      ++waits[processes.at(where.first)];
      for (const auto& other : by_process[where.first]) {
        if (other.begin < one.end && one.begin < other.end) at_once[processes.at(where.first)] = true;
      }
      by_process[where.first].push_back(one);
    }
    tasks[processes.at(where.first)].insert(where.second);
  }
  CHECK(waits["sequential: context 1"] == 24);  // of the first round alone
  CHECK(waits["concurrent: context 1"] == 24);
  CHECK(waits["parallel-concurrent: context 1"] + waits["parallel-concurrent: context 2"] == 24);
  CHECK(tasks["sequential: context 1"].size() == 1);
  CHECK(tasks["concurrent: context 1"].size() == 6);
  CHECK(tasks["parallel-concurrent: context 1"].size() == 3);
  CHECK(tasks["parallel-concurrent: context 2"].size() == 3);
  CHECK_FALSE(at_once["sequential: context 1"]);
  CHECK(at_once["concurrent: context 1"]);
  CHECK(at_once["parallel-concurrent: context 2"]);
  CHECK(trace.at("otherData").at("dropped_spans") == 0);
}

TEST_CASE("load records what each worker did, on each context") {
  const braid::bench::origin_process site(std::string(BRAID_BIN_DIR) + "/braid-origin",
                                          {"--listen", "127.0.0.1:0", "--quiet"});
  const scratch_folder folder;
  const auto file = folder.file("trace.json");
  bench_tests::run("load " + site.url() +
                   "/delay/20 -n 24 -c 5 --contexts 2 --repeat 2 --warm-up 0 --progress none --trace " + file);
  const auto trace = json::parse(scratch_folder::text_of(file));
  const auto processes = processes_of(trace);
  int waits = 0;
  std::map<std::string, std::set<int>> workers;
  for (const auto& [where, spans] : spans_of(trace)) {
    workers[processes.at(where.first)].insert(where.second);
    double end = 0;
    for (const auto& one : spans) {
      CHECK(one.begin >= end - 0.001);  // a worker does one thing after the other
      end = one.end;
      if (one.name == "wait") {
        ++waits;
        CHECK(one.end - one.begin >= 19'000);
      }
    }
  }
  CHECK(waits == 24);  // of the first repetition alone
  CHECK(workers == std::map<std::string, std::set<int>>{{"load: context 1", {1, 2, 3}}, {"load: context 2", {4, 5}}});
}

TEST_CASE("a trace that cannot be written is found before anything is measured") {
  CHECK(bench_tests::run("modes -n 1 --trace /nowhere/x.json", true).code == 3);
  const auto mixed = bench_tests::run("modes -n 1 --trace -", true);
  CHECK(mixed.code == 2);
  CHECK(bench_tests::has(mixed.out, "--trace"));
  CHECK(bench_tests::run("load http://127.0.0.1:1/ -n 1 --trace -", true).code == 2);
}
