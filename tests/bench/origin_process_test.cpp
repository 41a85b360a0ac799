#include <bench/run/origin_process.hpp>
#include <braid/core/error.hpp>

#include <catch2/catch.hpp>

#include <signal.h>

using namespace braid::bench;

namespace {

/// Stands in for braid-origin: says a line, then stays.
std::vector<std::string> script(const std::string& text) { return {"-c", text}; }

}  // namespace

TEST_CASE("the address is found in the line an origin prints") {
  CHECK(url_in("braid-origin: listening on http://127.0.0.1:40123/") == "http://127.0.0.1:40123");
  CHECK(url_in("http://127.0.0.1:1, 4 engines") == "http://127.0.0.1:1");
  CHECK(url_in("listening on https://127.0.0.1:2/") == "https://127.0.0.1:2");
  CHECK(url_in("https://").empty());
  CHECK(url_in("nothing here").empty());
  CHECK(url_in("http://").empty());
}

TEST_CASE("an origin runs while its object lives and no longer") {
  pid_t pid = 0;
  {
    const origin_process origin("/bin/sh", script("echo listening on http://127.0.0.1:7; exec sleep 100"));
    pid = origin.pid();
    CHECK(origin.url() == "http://127.0.0.1:7");
    CHECK(kill(pid, 0) == 0);
    CHECK(getpgid(pid) == pid);  // Ctrl-C on our group does not reach it
  }
  CHECK(kill(pid, 0) != 0);
}

TEST_CASE("an origin that cannot start or says something else is an error that says so") {
  CHECK_THROWS_WITH(origin_process("/nowhere/braid-origin", {}), Catch::Contains("ended before it listened"));
  CHECK_THROWS_WITH(origin_process("/bin/sh", script("exit 3")), Catch::Contains("ended before it listened"));
  CHECK_THROWS_WITH(origin_process("/bin/sh", script("echo hello; exec sleep 100")), Catch::Contains("got: hello"));
}
