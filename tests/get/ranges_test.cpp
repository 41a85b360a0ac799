// Parts of files, files of parts, and how fast they come.
#include <catch2/catch.hpp>
#include <filesystem>

#include "../../apps/get/get_error.hpp"
#include "../../apps/get/speed.hpp"
#include "program.hpp"

using namespace get_test;
using namespace std::chrono_literals;

TEST_CASE("ranges and resumed downloads") {
  const server at;
  const scratch here;
  const std::string file = here.file("out");
  CHECK(get("-r 2-4 " + at("/file")).out == "234");
  CHECK(get("-r 7- " + at("/file")).out == "789");
  CHECK(get("-C 6 " + at("/file")).out == "6789");
  write(file, "01234");
  CHECK(get("-C - -o " + file + " " + at("/file")).code == 0);
  CHECK(content(file) == "0123456789");
  write(file, "he");
  const result whole = get("-C - -o " + file + " " + at("/hello"));
  CHECK(whole.code == 33);
  CHECK(content(file) == "he");
}

TEST_CASE("an upload says which part it is and a report shows hosts as they were written") {
  const server at;
  const scratch here;
  write(here.file("up"), "12345");
  CHECK(has(get("-T " + here.file("up") + " -C 2 " + at("/echo")).out, "Content-Range: bytes 2-4/5\n"));
  const std::string port = at.base().substr(at.base().find(':'));
  const result got = get("-s -o /dev/null -w '%{url_effective}' --resolve xn--4cab6c.se" + port +
                         ":127.0.0.1 http://\xc3\xa5\xc3\xa4\xc3\xb6.se" + port + "/hello");
  CHECK(got.out == "http://\xc3\xa5\xc3\xa4\xc3\xb6.se" + port + "/hello");
}

TEST_CASE("what is not newer is left out") {
  const server at;
  CHECK(get("-z 'Sun, 06 Nov 1994 08:49:37 GMT' " + at("/file")).out.empty());
  CHECK(get("-z 1990-01-01 " + at("/file")).out == "0123456789");
  CHECK(get("-z -1990-01-01 " + at("/file")).out.empty());
  CHECK(has(get("-z 1990-01-01 " + at("/echo")).out, "If-Modified-Since: Mon, 01 Jan 1990"));
}

TEST_CASE("files: folders are made, failed ones taken away, others skipped") {
  const server at;
  const scratch here;
  CHECK(get("-o " + here.file("a/b/c") + " " + at("/hello")).code == 23);
  CHECK(get("--create-dirs -o " + here.file("a/b/c") + " " + at("/hello")).code == 0);
  CHECK(content(here.file("a/b/c")) == "hello\n");
  CHECK(get("-o " + here.file("cut") + " " + at("/cut")).code == 18);
  CHECK(content(here.file("cut")) == "123");
  CHECK(get("--remove-on-error -o " + here.file("cut") + " " + at("/cut")).code == 18);
  CHECK_FALSE(std::filesystem::exists(here.file("cut")));
  CHECK(get("--no-clobber -o " + here.file("a/b/c") + " " + at("/file")).code == 0);
  CHECK(content(here.file("a/b/c.1")) == "0123456789");
}

TEST_CASE("URLs are changed or left as asked") {
  const server at;
  CHECK(has(get("--path-as-is " + at("/a/../echo")).out, "404") == false);
  CHECK(get("-s -o /dev/null -w '%{url_effective}' --path-as-is " + at("/a/../echo")).out == at("/a/../echo"));
  CHECK(has(get("--url-query a=b --url-query 'c=d e' " + at("/echo")).out, "GET /echo?a=b&c=d+e\n"));
  CHECK(has(get("-g '" + at("/echo?{a}[1]") + "'").out, "GET /echo?{a}[1]\n"));
}

TEST_CASE("a limited rate says how long to wait") {
  const braid::time_point start{};
  braid::get::speed_guard limited(1000, 0, 0);
  CHECK(limited.after(500, start) == 500ms);
  CHECK(limited.after(500, start + 700ms) == 300ms);
  CHECK(limited.after(500, start + 2s) <= 0ms);
  const server at;
  CHECK(get("--limit-rate 10M -o /dev/null " + at("/large")).code == 0);
}

TEST_CASE("what stays too slow for too long fails") {
  const braid::time_point start{};
  braid::get::speed_guard least(0, 100, 3);
  CHECK(least.after(10, start) <= 0ms);
  CHECK(least.after(10, start + 1s) <= 0ms);
  CHECK(least.after(500, start + 2s) <= 0ms);
  CHECK(least.after(10, start + 4s) <= 0ms);
  CHECK_THROWS_AS(least.after(10, start + 5s), braid::get::get_error);
}
