// Many transfers: at the same time, over several contexts, into an archive, past a guard.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace get_test;

TEST_CASE("transfers at the same time over several contexts fetch everything once") {
  const server at;
  const scratch here;
  for (const char* const how : {"-Z", "-Z --parallel-max 2", "-Z --contexts 4", "-Z --contexts 3 --parallel-max 2"}) {
    INFO(how);
    const std::string jar = here.file("jar");
    const result got = get(std::string(how) + " --no-progress-meter -c " + jar + " -w '%{http_code}\\n' -o '" +
                           here.file("out#1") + "' '" + at("/set-cookie?[1-40]") + "'");
    CHECK(got.code == 0);
    CHECK(got.out.size() == 40 * 4);
    CHECK(has(content(jar), "name\tvalue"));
    for (int i = 1; i <= 40; ++i) CHECK(std::filesystem::exists(here.file("out" + std::to_string(i))));
  }
  CHECK(get("-Z --fail-early -f --contexts 2 '" + at("/missing?[1-1000000000]") + "'").code == 22);
}

TEST_CASE("an archive holds each request with its answer") {
  const server at;
  const scratch here;
  const std::string file = here.file("all.har");
  CHECK(get("-L --har " + file + " " + at("/to-hello") + " --next -d body " + at("/echo") + " --next " + at("/cut"))
            .code == 18);
  const auto entries = nlohmann::json::parse(content(file))["log"]["entries"];
  REQUIRE(entries.size() == 4);
  CHECK(entries[0]["response"]["status"] == 302);
  CHECK(entries[1]["request"]["url"] == at("/hello"));
  CHECK(entries[1]["response"]["content"]["text"] == "hello\n");
  CHECK(entries[2]["request"]["method"] == "POST");
  CHECK(entries[2]["request"]["postData"]["text"] == "body");
  CHECK(has(entries[3].dump(), "_error"));
  CHECK(get("--har /no/such/folder/x " + at("/hello")).code == 23);
}

TEST_CASE("the guard refuses addresses inside and on the way") {
  const server at;
  const result got = get("--ssrf-guard " + at("/hello"));
  CHECK(got.code == 7);
  CHECK(has(got.err, "loopback"));
  CHECK(get("--ssrf-guard --resolve inside.example:80:10.0.0.1 http://inside.example/").code == 7);
  CHECK(get("--ssrf-guard http://169.254.169.254/latest/meta-data").code == 7);
}

TEST_CASE("every option has its line in the help") {
  const std::string help = get("--help").out;
  for (const char* const name :
       {"--contexts",        "--har",           "--cache",       "--ssrf-guard",      "-C, --continue-at",
        "-r, --range",       "-z, --time-cond", "--limit-rate",  "-Y, --speed-limit", "-y, --speed-time",
        "--remove-on-error", "--create-dirs",   "--url-query",   "--path-as-is",      "-Z, --parallel",
        "--parallel-max",    "-K, --config",    "-q, --disable", "-g, --globoff",     "-#, --progress-bar"}) {
    INFO(name);
    CHECK(has(help, name));
  }
}
