#include <bench/run/origin_process.hpp>
#include <braid/http/client.hpp>
#include <braid/http/response.hpp>
#include <braid/runtime/runtime.hpp>

#include "bench_program.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>

using bench_tests::run;

namespace {

std::map<std::string, nlohmann::json> by_mode(const nlohmann::json& report) {
  std::map<std::string, nlohmann::json> modes;
  for (const auto& mode : report["modes"]) {
    modes[mode["mode"]] = mode;
  }
  return modes;
}

/// What an origin says of itself.
braid::awaitable<std::string> stats_of(std::string origin) {
  braid::http::client client;
  const auto answer = co_await client.get(origin + "/stats");
  co_return std::string(answer.body());
}

std::int64_t requests_of(const std::string& origin) {
  braid::runtime one;
  return nlohmann::json::parse(one.run([&] { return stats_of(origin); })).at("requests");
}

}  // namespace

TEST_CASE("all five modes do the same work, and the origin sees how they differ") {
  const auto result = run(
      "modes --requests 40 --concurrency 8 --contexts 2 --latency 5ms --page-bytes 8K --parse --repeat 1 --warm-up 0 "
      "--json - --progress none");
  CHECK(result.code == 0);
  const auto report = nlohmann::json::parse(result.out);
  CHECK(report["options"]["latency_s"] == 0.005);
  auto modes = by_mode(report);
  REQUIRE(modes.size() == 5);
  for (const auto& [name, mode] : modes) {
    INFO(name);
    CHECK(mode["requests"] == 40);
    CHECK(mode["failed"] == 0);
    CHECK(mode["latency"]["count"] == 40);
    CHECK(mode["parse"]["count"] == 40);
    CHECK(mode["runs"][0]["records"].get<int>() >= 40);
    CHECK(mode["bytes"].get<int>() >= 40 * 7 * 1024);
    CHECK(mode["latency"]["min_s"].get<double>() >= 0.005);
    CHECK(mode["origin_cpu"].is_object());
  }
  // Counted by the origin, not timed: how many requests it had at once.
  CHECK(modes["sequential"]["max_in_flight"] == 1);
  CHECK(modes["concurrent"]["max_in_flight"].get<int>() > 2);
  CHECK(modes["concurrent"]["max_in_flight"].get<int>() <= 8);
  CHECK(modes["parallel"]["max_in_flight"].get<int>() <= 2);
  CHECK(modes["parallel-concurrent"]["max_in_flight"].get<int>() <= 8);
  CHECK(modes["shared"]["max_in_flight"].get<int>() <= 8);
  CHECK(report["checks"]["concurrency"]["ideal_wait_s"].get<double>() == Approx(0.025));
}

TEST_CASE("the table names each mode and says what it means") {
  const auto result =
      run("modes -n 12 -c 4 --contexts 1 --latency 2ms --sequential-requests 3 --repeat 1 --warm-up 0 --progress none");
  CHECK(result.code == 0);
  for (const auto* text : {"sequential", "concurrent", "parallel-concurrent", "shared", "requests/s", "origin CPU",
                           "Concurrency: ", "* extrapolated: sequential was measured on 3 requests"}) {
    INFO(text);
    CHECK(result.out.find(text) != std::string::npos);
  }
}

TEST_CASE("a target that refuses is an error that says so, and nothing done is code 3") {
  const auto result =
      run("modes -n 2 --target http://127.0.0.1:1/ --only sequential --warm-up 0 --progress none", true);
  CHECK(result.code == 3);
  CHECK(result.out.find("connect_failed") != std::string::npos);
  CHECK(result.out.find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("Ctrl-C shows what is done and ends with code 130") {
  const auto result =
      run("modes --duration 60s --only concurrent,shared --latency 1ms -c 2 --warm-up 0 --progress none", false,
          "timeout --foreground --preserve-status -s INT 1 ");
  CHECK(result.code == 130);
  CHECK(result.out.find("concurrent (cut short)") != std::string::npos);
  CHECK(result.out.find("Interrupted") != std::string::npos);
  CHECK(result.out.find("1 context run by") == std::string::npos);  // what was not begun is not shown
}

TEST_CASE("a warm-up is asked of the target and not counted") {
  const braid::bench::origin_process site(std::string(BRAID_BIN_DIR) + "/braid-origin",
                                          {"--listen", "127.0.0.1:0", "--quiet"});
  const auto asked_with = [&](const std::string& warm_up) {
    const auto before = requests_of(site.url());
    const auto result =
        run("modes --target " + site.url() +
            "/bytes/10 -n 4 --only concurrent -c 2 --repeat 2 --progress none --json - --warm-up " + warm_up);
    CHECK(result.code == 0);
    CHECK(nlohmann::json::parse(result.out)["modes"][0]["requests"] == 8);
    return requests_of(site.url()) - before;
  };
  const auto cold = asked_with("0");
  CHECK(asked_with("20ms") > cold);
}

TEST_CASE("wrong usage is code 2 and says what is wrong") {
  const auto result = run("modes --only sideways", true);
  CHECK(result.code == 2);
  CHECK(result.out.find("there is no mode 'sideways'") != std::string::npos);
}

TEST_CASE("a file that cannot be written is found before anything is measured") {
  const auto result = run("modes --json /nowhere/x.json", true);
  CHECK(result.code == 3);
  CHECK(result.out.find("/nowhere/x.json") != std::string::npos);
}
