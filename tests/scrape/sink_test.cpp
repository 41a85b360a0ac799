#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <braid/core/error.hpp>
#include <braid/scrape/sink.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <vector>

#include "scratch_folder.hpp"

using namespace braid::scrape;
using strings = std::vector<std::string>;

namespace {

output_file appending(const std::string& path) { return {path, output_file::mode::append}; }

}  // namespace

TEST_CASE("lines are appended to what is there") {
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  for (const auto* record : {R"({"n":1})", R"({"n":2})"}) {
    auto sink = open_lines(appending(path));
    const strings batch{record};
    sink->write(batch);
    sink->finish();
  }
  CHECK(folder.text_of(path) == "{\"n\":1}\n{\"n\":2}\n");
}

TEST_CASE("a last line that a kill cut off is removed, whole ones stay") {
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  folder.put(path, "{\"n\":1}\n{\"n\":2}\n{\"n\":");
  auto sink = open_lines(appending(path));
  CHECK(sink->repaired() == 5);
  const strings batch{R"({"n":3})"};
  sink->write(batch);
  CHECK(folder.text_of(path) == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

TEST_CASE("a cut-off line longer than any buffer is removed too") {
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  folder.put(path, "{\"n\":1}\n{\"n\":\"" + std::string(3'000'000, 'x'));
  auto sink = open_lines(appending(path));
  CHECK(folder.text_of(path) == "{\"n\":1}\n");
}

TEST_CASE("a file that is not ours is left alone") {
  const scratch_folder folder;
  const auto path = folder.file("thesis.txt");
  folder.put(path, "four years of work");
  CHECK_THROWS_AS(open_lines(appending(path)), braid::io_error);
  CHECK_THROWS_AS(open_lines(appending(path), "a,b"), braid::io_error);
  CHECK_THROWS_AS(open_json_array(appending(path)), braid::io_error);
  CHECK(folder.text_of(path) == "four years of work");
}

TEST_CASE("CSV has its header once") {
  const scratch_folder folder;
  const auto path = folder.file("r.csv");
  for (int i = 0; i < 2; ++i) {
    auto sink = open_lines(appending(path), "a,b");
    const strings batch{"1,2\n3,4\n", ""};
    sink->write(batch);
    sink->finish();
  }
  CHECK(folder.text_of(path) == "a,b\n1,2\n3,4\n1,2\n3,4\n");
}

TEST_CASE("an empty run still gives a well-formed file") {
  const scratch_folder folder;
  open_json_array(appending(folder.file("r.json")))->finish();
  open_lines(appending(folder.file("r.csv")), "a,b")->finish();
  CHECK(nlohmann::json::parse(folder.text_of(folder.file("r.json"))).empty());
  CHECK(folder.text_of(folder.file("r.csv")) == "a,b\n");
}

TEST_CASE("a JSON array goes on where it ended, finished or killed") {
  const scratch_folder folder;
  const auto path = folder.file("r.json");
  const strings batch{R"({"n":1})", R"({"n":2})"};
  {
    auto sink = open_json_array(appending(path));
    sink->write(batch);
    sink->write(batch);
    sink->finish();
  }
  CHECK(nlohmann::json::parse(folder.text_of(path)).size() == 4);
  {
    auto sink = open_json_array(appending(path));
    sink->write(batch);  // and never finished
  }
  folder.put(path, folder.text_of(path) + ",{\"n\"");
  {
    auto sink = open_json_array(appending(path));
    CHECK(sink->repaired() == 5);
    sink->write(batch);
    sink->finish();
  }
  CHECK(nlohmann::json::parse(folder.text_of(path)).size() == 8);
  {
    auto sink = open_json_array(appending(path));
    sink->finish();
  }
  CHECK(nlohmann::json::parse(folder.text_of(path)).size() == 8);
}

TEST_CASE("resuming drops what came after a position") {
  const scratch_folder folder;
  for (const bool array : {false, true}) {
    const auto path = folder.file(array ? "r.json" : "r.jsonl");
    const auto open = [&] { return array ? open_json_array(appending(path)) : open_lines(appending(path)); };
    const strings batch{R"({"n":1})"};
    std::uint64_t position = 0;
    {
      auto sink = open();
      sink->write(batch);
      position = sink->position();
      sink->write(batch);
      sink->finish();
    }
    auto sink = open();
    sink->resume(position);
    sink->finish();
    CHECK(folder.text_of(path) == (array ? "[\n{\"n\":1}\n]\n" : "{\"n\":1}\n"));
  }
}

TEST_CASE("a full disk is an error that says so, and leaves whole records") {
  const scratch_folder folder;
  const auto path = folder.file("r.jsonl");
  // A limit on the size of files makes write() fail in the same way, after writing what fits.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  auto sink = open_lines(appending(path));
  const strings batch{R"({"n":12345678})"};
  sink->write(batch);
  rlimit small = before;
  small.rlim_cur = 40;
  setrlimit(RLIMIT_FSIZE, &small);
  sink->write(batch);
  std::string message;
  try {
    sink->write(batch);
  } catch (const braid::io_error& e) {
    message = e.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  CHECK(message.find("r.jsonl") != std::string::npos);
  CHECK(message.find("File too large") != std::string::npos);
  CHECK(folder.text_of(path) == "{\"n\":12345678}\n{\"n\":12345678}\n");
}

TEST_CASE("a device without space is reported") {
  auto sink = open_lines(output_file("/dev/full", output_file::mode::append));
  const strings batch{"{}"};
  CHECK_THROWS_WITH(sink->write(batch), Catch::Contains("No space left on device"));
}

TEST_CASE("a path that cannot be opened is an error with its name") {
  CHECK_THROWS_WITH(appending("/nonexistent/r.jsonl"), Catch::Contains("/nonexistent/r.jsonl"));
}
