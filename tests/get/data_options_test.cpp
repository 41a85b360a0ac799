// Options of braid-get that change what is sent.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace get_test;

TEST_CASE("URLs may be options, and data is encoded by name, text and file") {
  const server at;
  const scratch here;
  CHECK(get("--url " + at("/hello")).out == "hello\n");
  write(here.file("urls"), "# two\n" + at("/hello") + "\n  " + at("/hello") + "\n");
  CHECK(get("-o - --url @" + here.file("urls") + " -o -").out == "hello\nhello\n");
  write(here.file("text"), "x&y");
  const std::string file = here.file("text");
  const std::string sent =
      get("--data-urlencode 'a b' --data-urlencode '=c=d' --data-urlencode 'n=e&f' --data-urlencode @" + file +
          " --data-urlencode m@" + file + " " + at("/echo"))
          .out;
  CHECK(sent.ends_with("\n\na+b&c%3Dd&n=e%26f&x%26y&m=x%26y"));
}

TEST_CASE("texts of a form are sent as they are, and quotes in names as asked") {
  const server at;
  CHECK(has(get("--form-string 'a=@b;type=c' " + at("/echo")).out, "name=\"a\"\r\n\r\n@b;type=c\r\n"));
  CHECK(has(get("-F 'a\"b=c' " + at("/echo")).out, "name=\"a%22b\""));
  CHECK(has(get("--form-escape -F 'a\"b=c' " + at("/echo")).out, "name=\"a\\\"b\""));
}

TEST_CASE("cookies that end with a session are left behind on demand") {
  const server at;
  const scratch here;
  write(here.file("jar"),
        "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tone\n127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tkept\ttwo\n");
  const std::string with = "-b " + here.file("jar") + " " + at("/echo");
  CHECK(has(get(with).out, "session=one"));
  const std::string without = get("-j " + with).out;
  CHECK_FALSE(has(without, "session=one"));
  CHECK(has(without, "kept=two"));
}

TEST_CASE("the request line's target and version are the user's choice") {
  const server at;
  CHECK(get("--request-target '/echo?other' " + at("/hello")).out.starts_with("GET /echo?other\n"));
  CHECK(has(get("-v -0 " + at("/hello")).err, "> GET /hello HTTP/1.0\r\n"));
  CHECK(has(get("-v --http1.1 " + at("/hello")).err, "> GET /hello HTTP/1.1\r\n"));
  const std::string upgrade = get("--http2 " + at("/echo")).out;
  CHECK(has(upgrade, "Upgrade: h2c\n"));
  CHECK(has(upgrade, "HTTP2-Settings: "));
  CHECK_FALSE(has(get("--http1.1 " + at("/echo")).out, "Upgrade"));
}

TEST_CASE("a method survives the redirects that it is told to") {
  const server at;
  const std::string see_other = at("/to-303?/echo"), moved = at("/to-301?/echo"), found = at("/to?/echo");
  CHECK(get("-L -d x " + moved).out.starts_with("GET /echo\n"));
  CHECK(get("-L --post301 -d x " + moved).out.starts_with("POST /echo\n"));
  CHECK(get("-L -d x " + found).out.starts_with("GET /echo\n"));
  CHECK(get("-L --post302 -d x " + found).out.starts_with("POST /echo\n"));
  CHECK(get("-L -d x " + see_other).out.starts_with("GET /echo\n"));
  CHECK(get("-L --post303 -d x " + see_other).out.starts_with("POST /echo\n"));
  CHECK(get("-L -X PUT -d x " + see_other).out.starts_with("PUT /echo\n"));
  CHECK(get("--follow -X PUT -d x " + see_other).out.starts_with("GET /echo\n"));
}

TEST_CASE("Basic is sent where it may be, and netrc yields to the URL") {
  const server at;
  const std::string asks = " -s -u me:secret " + at("/basic");
  CHECK(get("--digest" + asks).out == "sign in\n");
  CHECK(get("--digest --basic" + asks).out == "Basic bWU6c2VjcmV0\n");
  const scratch here;
  write(here.file("netrc"), "machine 127.0.0.1 login you password netrc\n");
  const std::string with = "--netrc-optional --netrc-file " + here.file("netrc") + " ";
  CHECK(has(get(with + at("/echo")).out, "Authorization: Basic eW91Om5ldHJj\n"));
  CHECK(has(get(with + "http://me:secret@" + at.base() + "/echo").out, "Authorization: Basic bWU6c2VjcmV0\n"));
}

TEST_CASE("what fails for now is asked again as often as it is told to") {
  const server at;
  const std::string soon = "-sS --retry 2 --retry-delay 1 ";
  CHECK(get("-s " + at("/busy-once?a")).out == "busy\n");
  CHECK(has(get(soon + at("/busy-once?b")).out, "free\n"));
  CHECK(get("-s -f --retry 2 --retry-delay 9 --retry-max-time 1 " + at("/busy-once?c")).code == 22);
  CHECK(get(soon + at("/lost-once?a")).code == 18);
  CHECK(has(get(soon + "--retry-all-errors " + at("/lost-once?b")).out, "whole\n"));
  const std::string once = "-o /dev/null --retry 1 --retry-delay 1 ";
  CHECK_FALSE(has(get(once + "http://127.0.0.1:1/", "COLUMNS=1000").err, "retry"));
  CHECK(has(get(once + "--retry-connrefused http://127.0.0.1:1/", "COLUMNS=1000").err, "retry"));
}
