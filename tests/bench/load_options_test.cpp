#include <bench/command_line.hpp>
#include <scratch_folder.hpp>

#include <catch2/catch.hpp>

using namespace braid::bench;
using namespace std::chrono_literals;

namespace {

command parse(std::vector<const char*> words) {
  words.insert(words.begin(), {"braid-bench", "load"});
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

load_options accepted(std::vector<const char*> words) {
  auto parsed = parse(std::move(words));
  if (const auto* refused = std::get_if<early_exit>(&parsed)) {
    FAIL(refused->text);
  }
  return std::get<load_options>(parsed);
}

std::string refused(std::vector<const char*> words) {
  auto parsed = parse(std::move(words));
  REQUIRE(std::holds_alternative<early_exit>(parsed));
  CHECK(std::get<early_exit>(parsed).code == 2);
  return std::get<early_exit>(parsed).text;
}

}  // namespace

TEST_CASE("load with a URL alone is a closed loop of five repetitions") {
  const auto o = accepted({"http://h:1/x{n}"});
  CHECK(o.url == "http://h:1/x{n}");
  REQUIRE(o.mix.size() == 1);
  CHECK(o.mix[0].method == "GET");
  CHECK(o.mix[0].url == o.url);
  CHECK_FALSE(o.rate);
  CHECK(o.run_for == 2s);
  CHECK_FALSE(o.requests);
  CHECK(o.repeat == 5);
  CHECK(o.contexts == 1);
  CHECK(o.figure == figure_of::target);
}

TEST_CASE("load takes a rate, a number of requests and how to connect") {
  const auto o = accepted({"https://h/",        "--rate", "1500.5",   "-n", "30",        "-c",     "7",
                           "--contexts",        "2",      "--http2",  "-k", "--warm-up", "0",      "-H",
                           "Accept: text/html", "-H",     "X-Empty:", "-X", "POST",      "--body", "b"});
  CHECK(o.rate == 1500.5);
  CHECK(o.requests == 30);
  CHECK_FALSE(o.run_for);
  CHECK(o.http2);
  CHECK(o.insecure);
  CHECK(o.warm_up == 0s);
  CHECK(o.fields == std::vector<std::pair<std::string, std::string>>{{"Accept", "text/html"}, {"X-Empty", ""}});
  CHECK(o.mix[0].method == "POST");
  CHECK(o.mix[0].body == "b");
  CHECK(o.tasks_on(0) == 4);
  CHECK(o.tasks_on(1) == 3);
}

TEST_CASE("load refuses what cannot be") {
  using Catch::Contains;
  CHECK_THAT(refused({}), Contains("URL"));
  CHECK_THAT(refused({"nowhere"}), Contains("nowhere"));
  CHECK_THAT(refused({"http://h/", "-n", "3", "-d", "3s"}), Contains("excludes"));
  CHECK_THAT(refused({"http://h/", "-d", "0"}), Contains("--duration"));
  CHECK_THAT(refused({"http://h/", "-c", "1", "--contexts", "2"}), Contains("without work"));
  CHECK_THAT(refused({"http://h/", "--rate", "0"}), Contains("--rate"));
  CHECK_THAT(refused({"http://h/", "--rate", "9", "--of", "client"}), Contains("--of client"));
  CHECK_THAT(refused({"http://h/", "-H", "nothing"}), Contains("no header"));
}

TEST_CASE("load reads its mix and says what is wrong with it") {
  const scratch_folder folder;
  const auto file = folder.file("mix");
  scratch_folder::put(file, "3 GET /a\n1 PUT /b x y\n");
  const auto o = accepted({"http://h:8/", "--mix", file.c_str()});
  REQUIRE(o.mix.size() == 2);
  CHECK(o.mix[1].url == "http://h:8/b");
  CHECK(o.mix[1].body == "x y");
  scratch_folder::put(file, "x");
  CHECK_THAT(refused({"http://h:8/", "--mix", file.c_str()}), Catch::Contains("line 1"));
}

TEST_CASE("help of load shows examples and the exit codes") {
  auto parsed = parse({"--help"});
  REQUIRE(std::holds_alternative<early_exit>(parsed));
  const auto& answer = std::get<early_exit>(parsed);
  CHECK(answer.code == 0);
  CHECK_THAT(answer.text, Catch::Contains("--rate 2000") && Catch::Contains("4 not supported"));
}
