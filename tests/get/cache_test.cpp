// --cache: responses that outlive the program.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace get_test;

TEST_CASE("what may be kept is answered from a folder") {
  const server at;
  const scratch here;
  const std::string cache = "--cache " + here.file("cache") + " ";
  const result first = get(cache + at("/counted"));
  CHECK(first.code == 0);
  CHECK(first.out == "1");
  CHECK(get(cache + at("/counted")).out == "1");
  CHECK(get(at("/counted")).out == "2");
  const result shown = get(cache + "-i " + at("/counted"));
  CHECK(has(shown.out, "HTTP/1.1 200 OK\r\n"));
  CHECK(has(shown.out, "Age: "));
  CHECK(shown.out.ends_with("\r\n\r\n1"));
  CHECK(get(cache + "-H 'Cache-Control: no-cache' " + at("/counted")).out == "3");
  CHECK(get(cache + "-L " + at("/to-hello")).out == "hello\n");
  CHECK(get(cache + "-f " + at("/missing")).code == 22);
  CHECK(has(get(cache + "-d x " + at("/echo")).out, "POST /echo\n"));
  CHECK(get("--cache /dev/null/x " + at("/hello")).code == 23);
}
