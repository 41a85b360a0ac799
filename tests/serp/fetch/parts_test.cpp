#include <braid/core/error.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "serp/fetch/formats.hpp"
#include "serp/fetch/job.hpp"
#include "serp/fetch/progress_view.hpp"
#include "serp/fetch/query_list.hpp"
#include "serp/fetch/record.hpp"
#include "serp/fetch/summary.hpp"

using namespace std::chrono_literals;
using namespace braid::fetch;
using nlohmann::ordered_json;

namespace {

job sample(const std::string& query, unsigned page = 1) {
  job what;
  what.query = query;
  what.engine = "google";
  what.page = page;
  what.id = request_id(what);
  return what;
}

}  // namespace

TEST_CASE("empty lines are skipped, duplicates dropped, white space tidied") {
  std::istringstream in(
      "\xEF\xBB\xBF"
      "one\r\n\n  two   words \n\t\none\ntwo words\nlast without end");
  query_list list;
  list.add_lines(in);
  CHECK(list.queries() == std::vector<std::string>{"one", "two words", "last without end"});
  CHECK(list.duplicates() == 2);
  CHECK(list.empty_lines() == 2);
}

TEST_CASE("a query file that cannot be read is an error with its name") {
  query_list list;
  CHECK_THROWS_WITH(list.add_file("/nonexistent/words.txt"), Catch::Contains("/nonexistent/words.txt"));
  CHECK_THROWS_WITH(list.add_file("/tmp"), Catch::Contains("folder"));
}

TEST_CASE("an id names a request, whatever run it is in") {
  CHECK(sample("ravens").id == sample("ravens").id);
  CHECK(sample("ravens").id.size() == 32);
  CHECK(sample("ravens").id != sample("raven").id);
  CHECK(sample("ravens").id != sample("ravens", 2).id);
}

TEST_CASE("an endpoint keeps the engine's path and query") {
  const std::string url = "https://www.google.com/search?q=a%20b&hl=en";
  CHECK(at_endpoint(url, "http://127.0.0.1:8080") == "http://127.0.0.1:8080/search?q=a%20b&hl=en");
  CHECK(at_endpoint(url, "http://127.0.0.1:8080/google/") == "http://127.0.0.1:8080/google/search?q=a%20b&hl=en");
  CHECK(at_endpoint(url, "http://[::1]:80") == "http://[::1]/search?q=a%20b&hl=en");
}

TEST_CASE("a page that is blocked in any way is no success") {
  CHECK(outcome_of("results") == outcome::success);
  CHECK(outcome_of("no_results") == outcome::success);
  for (const auto* kind : {"blocked", "soft_blocked", "js_required", "consent"})
    CHECK(outcome_of(kind) == outcome::blocked);
  CHECK(outcome_of("unknown") == outcome::failed);
  CHECK(outcome_of("") == outcome::failed);
}

TEST_CASE("errors have the codes people look for") {
  const auto code = [](auto error) {
    return error_of(std::make_exception_ptr(error))["code"].template get<std::string>();
  };
  CHECK(code(braid::timeout_error("t")) == "timeout");
  CHECK(code(braid::connect_error("c")) == "connect_failed");
  CHECK(code(braid::status_error(429, "s")) == "rate_limited");
  CHECK(code(braid::status_error(500, "s")) == "bad_status");
  CHECK(code(braid::invalid_url("u")) == "bad_request");
  CHECK(code(std::runtime_error("deep")) == "parse_failed");
  const auto wrapped = gather_error({}, std::make_exception_ptr(braid::status_error(503, "GET x: the answer was 503")));
  const auto error = error_of(std::make_exception_ptr(wrapped));
  CHECK(error["code"] == "bad_status");
  CHECK(error["retryable"] == true);
  CHECK(error["evidence"] == "HTTP 503");
  CHECK(error["message"] == "GET x: the answer was 503");
}

TEST_CASE("a record has its metadata first, its times filled in, and is one line of UTF-8") {
  const auto what = sample("a \"quoted\"\nquery");
  request_facts facts;
  facts.created_at = std::chrono::system_clock::time_point(1'700'000'000'123ms);
  facts.engine_url = "https://www.google.com/search?q=x";
  facts.http_status = 200;
  facts.attempts = 2;
  record done;
  done.metadata = make_metadata(what, facts, "results", true);
  ordered_json members;
  members["search_parameters"]["q"] = what.query;
  members["organic_results"][0]["title"] = "broken \xff byte";
  done.rest = text_of(members, what, "Success", format::jsonl);
  braid::scrape::item_times times;
  times.gather = 1500ms;
  times.parse = 2ms;
  times.wait_for_save = 250us;
  const auto text = finished_text(done, times, facts.created_at + 2s, format::jsonl);
  CHECK(text.find('\n') == std::string::npos);
  const auto value = ordered_json::parse(text);
  CHECK(value.begin().key() == "search_metadata");
  const auto& metadata = value["search_metadata"];
  CHECK(metadata["id"] == what.id);
  CHECK(metadata["status"] == "Success");
  CHECK(metadata["created_at"] == "2023-11-14T22:13:20.123Z");
  CHECK(metadata["processed_at"] == "2023-11-14T22:13:22.123Z");
  CHECK(metadata["total_time_taken"] == Approx(1.50225));
  CHECK(metadata["stage_times"]["gather"] == Approx(1.5));
  CHECK(metadata["stage_times"]["parse"] == Approx(0.002));
  CHECK(metadata["attempts"] == 2);
  CHECK_FALSE(metadata.contains("final_url"));
  CHECK(value["search_parameters"]["q"] == what.query);
}

TEST_CASE("CSV has a row for each organic result, and one for a job without any") {
  auto what = sample("a, b");
  ordered_json members;
  members["organic_results"][0] = {{"position", 1}, {"title", "He said \"x\"\nand y"}, {"link", "https://a.example/"}};
  members["organic_results"][1] = {
      {"position", 2}, {"title", "plain"}, {"link", "https://b.example/"}, {"snippet", nullptr}};
  CHECK(text_of(members, what, "Success", format::csv) ==
        "google,\"a, b\",1,Success,1,\"He said \"\"x\"\" and y\",https://a.example/,,,\n"
        "google,\"a, b\",1,Success,2,plain,https://b.example/,,,\n");
  ordered_json failed;
  failed["error"] = make_error("timeout", "GET x: timed out", true, "");
  CHECK(text_of(failed, what, "Error", format::csv) == "google,\"a, b\",1,Error,,,,,,timeout\n");
}

TEST_CASE("the format follows from the name") {
  CHECK(format_of("-") == format::jsonl);
  CHECK(format_of("a/b.jsonl") == format::jsonl);
  CHECK(format_of("b.json") == format::json);
  CHECK(format_of("b.csv") == format::csv);
  CHECK(format_of("postgresql://localhost/b.csv") == format::postgres);
  CHECK_THROWS_WITH(format_of("b.xml"), Catch::Contains("b.xml"));
}

TEST_CASE("progress is one line that fits") {
  run_counts counts;
  counts.total = 1000;
  counts.done = 300;
  counts.blocked = 3;
  counts.failed = 5;
  counts.in_flight = 64;
  const braid::time_point start{100s};
  braid::scrape::progress_meter meter(start);
  for (int i = 1; i <= 10; ++i) meter.update(static_cast<std::uint64_t>(i) * 30 + 8, start + i * 1s);
  CHECK(bar_text(counts, meter, 100) ==
        "[######..............] 308/1,000  30.8/s  in flight 64  blocked 3  failed 5  ETA 23.0 s");
  CHECK(bar_text(counts, meter, 40).size() <= 40);
  CHECK(plain_text(counts, meter).find("308/1,000") != std::string::npos);
  const auto value = ordered_json::parse(json_text(counts, meter));
  CHECK(value["done"] == 300);
  CHECK(value["rate"] == Approx(30.8));
  CHECK(value["eta_s"] == Approx(692 / 30.8));
}

TEST_CASE("the exit code says what became of the run") {
  run_result result;
  CHECK(exit_code(result) == 0);
  result.total = 3;
  CHECK(exit_code(result) == 3);
  result.saved.success = 3;
  CHECK(exit_code(result) == 0);
  result.saved.success = 2;
  result.saved.blocked = 1;
  CHECK(exit_code(result) == 1);
  result.saved.blocked = 0;
  CHECK(exit_code(result) == 1);
  result.interrupted = true;
  CHECK(exit_code(result) == 130);
}

TEST_CASE("the summary counts, names the errors and shows the stages") {
  run_result result;
  result.total = 10;
  result.saved.success = 7;
  result.saved.failed = 2;
  result.errors["timeout"] = 2;
  result.time = 2s;
  result.gather.counts.done = 9;
  result.gather.time.record(std::chrono::milliseconds(100));
  const auto text = summary_text(result);
  CHECK_THAT(text, Catch::Contains("10 requests: 7 done, 0 blocked, 2 failed, 1 left undone in 2.00 s (4.50/s)"));
  CHECK_THAT(text, Catch::Contains("errors: timeout 2"));
  CHECK_THAT(text, Catch::Contains("gather"));
}
