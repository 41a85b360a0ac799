// Options of braid-get that change what is written, and where.
#include <sys/stat.h>
#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>

#include "program.hpp"

using namespace get_test;

TEST_CASE("an ETag of before leaves out what is the same") {
  const server at;
  const scratch here;
  CHECK(get("--etag-save " + here.file("tag") + " " + at("/tagged")).out == "tagged\n");
  CHECK(content(here.file("tag")) == "\"tag-1\"\n");
  CHECK(get("--etag-compare " + here.file("tag") + " " + at("/tagged")).out.empty());
  write(here.file("tag"), "\"tag-0\"\n");
  CHECK(get("--etag-compare " + here.file("tag") + " " + at("/tagged")).out == "tagged\n");
}

TEST_CASE("answers without a head, chunks and lengths are taken as asked") {
  const server at;
  CHECK(get("-s " + at("/headless")).code == 1);
  CHECK(get("-s --http0.9 " + at("/headless")).out == "no head\n");
  CHECK(get("-s " + at("/chunked")).out == "abc");
  CHECK(get("-s --raw " + at("/chunked")).out == "3\r\nabc\r\n0\r\n\r\n");
  CHECK(get("-s " + at("/longer")).out == "ab");
  CHECK(get("-s --ignore-content-length " + at("/longer")).out == "abcd");
}

TEST_CASE("a failure's body is written where that is asked") {
  const server at;
  const result with = get("-s --fail-with-body " + at("/missing"));
  CHECK(with.code == 22);
  CHECK(with.out == "no such page\n");
  CHECK(get("-s -f " + at("/missing")).out.empty());
}

TEST_CASE("files take their names from URLs, their times from the server, and stay where they are") {
  const server at;
  const scratch here;
  CHECK(get("-s --output-dir " + here.file("") + " --remote-name-all " + at("/hello") + " " + at("/file")).code == 0);
  CHECK(content(here.file("hello")) == "hello\n");
  CHECK(content(here.file("file")) == "0123456789");
  CHECK(get("-s --skip-existing -o " + here.file("hello") + " " + at("/file")).code == 0);
  CHECK(content(here.file("hello")) == "hello\n");
  CHECK(get("-s -R -o " + here.file("timed") + " " + at("/file")).code == 0);
  struct stat found {};
  REQUIRE(::stat(here.file("timed").c_str(), &found) == 0);
  CHECK(found.st_mtime == 784111777);  // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(get("-s --out-null " + at("/hello") + " -o - " + at("/file")).out == "0123456789");
}

TEST_CASE("heads go to a file of their own, and what is said to another") {
  const server at;
  const scratch here;
  CHECK(get("-s -D " + here.file("head") + " " + at("/hello")).out == "hello\n");
  CHECK(content(here.file("head")).starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(content(here.file("head")).ends_with("\r\n\r\n"));
  const result quiet = get("-sS --stderr " + here.file("said") + " http://127.0.0.1:1/");
  CHECK(quiet.err.empty());
  CHECK(content(here.file("said")).starts_with("braid-get: (7) "));
  CHECK(get("-sS --stderr - http://127.0.0.1:1/").out.starts_with("braid-get: (7) "));
}

TEST_CASE("a trace holds what was sent and received, as text, as bytes and with times") {
  const server at;
  const scratch here;
  const std::string file = here.file("trace");
  CHECK(get("-s --trace-ascii " + file + " " + at("/hello")).code == 0);
  CHECK(has(content(file), "=> Send header, "));
  CHECK(has(content(file), "0000: GET /hello HTTP/1.1\n"));
  CHECK(has(content(file), "<= Recv data, 6 bytes (0x6)\n0000: hello"));
  CHECK(get("-s --trace " + file + " " + at("/hello")).code == 0);
  CHECK(has(content(file), "0000: 68 65 6c 6c 6f 0a"));
  CHECK(get("-s --trace-time --trace-ascii " + file + " " + at("/hello")).code == 0);
  const std::string timed = content(file);
  const std::size_t line = timed.find(" => Send header, ");
  REQUIRE(line != timed.npos);
  REQUIRE(line >= 15);
  CHECK(timed[line - 13] == ':');
  CHECK(timed[line - 7] == '.');
}

TEST_CASE("what comes is written before the transfer ends, and too little of it ends the transfer") {
  const server at;
  const result slow = get("-sS -N -y 1 -Y 1000 " + at("/trickle"));
  CHECK(slow.code == 28);
  CHECK(slow.out == "begun");
  CHECK(slow.err == "braid-get: (28) Operation too slow. Less than 1000 bytes/sec transferred the last 1 seconds\n");
}
