#include <bench/common/numbered.hpp>
#include <bench/load/mix.hpp>
#include <braid/core/error.hpp>
#include <scratch_folder.hpp>

#include <catch2/catch.hpp>

using namespace braid::bench;

TEST_CASE("a mix has a line for each kind of request") {
  const auto mix = parse_mix(
      "# what our users do\n"
      "80 GET /search?q=coffee+{n}\n"
      "\n"
      "  15\tPOST  http://127.0.0.1:9/items  {\"name\": \"a cup\"} \r\n"
      "5 HEAD /",
      "https://example.org/start?x=1");
  REQUIRE(mix.size() == 3);
  CHECK(mix[0].weight == 80);
  CHECK(mix[0].method == "GET");
  CHECK(mix[0].url == "https://example.org:443/search?q=coffee+{n}");
  CHECK(mix[0].body.empty());
  CHECK(mix[1].method == "POST");
  CHECK(mix[1].url == "http://127.0.0.1:9/items");
  CHECK(mix[1].body == "{\"name\": \"a cup\"} ");
  CHECK(mix[2].url == "https://example.org:443/");
}

TEST_CASE("what is no mix is refused with the line it stands in") {
  const auto refused = [](const std::string& text) {
    try {
      parse_mix(text, "http://h/");
    } catch (const braid::invalid_argument& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  CHECK(refused("") == "mix: no requests in it");
  CHECK(refused("# nothing\n\n") == "mix: no requests in it");
  CHECK(refused("1 GET /\nzwei GET /") == "mix, line 2: 'zwei' is no weight from 1 on");
  CHECK(refused("0 GET /") == "mix, line 1: '0' is no weight from 1 on");
  CHECK(refused("-1 GET /") == "mix, line 1: '-1' is no weight from 1 on");
  CHECK(refused("1 GET") == "mix, line 1: expected: weight method url [body]");
  CHECK(refused("1 GET ftp//x").starts_with("mix, line 1: "));
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += "1 GET /\n";
  CHECK(refused(many) == "mix, line 10001: more than 10000 requests");
}

TEST_CASE("a mix is read from a file and one that is not there is an error") {
  const scratch_folder folder;
  scratch_folder::put(folder.file("mix"), "3 GET /a\n1 GET /b\n");
  CHECK(read_mix(folder.file("mix"), "http://h/").size() == 2);
  CHECK_THROWS_AS(read_mix(folder.file("none"), "http://h/"), braid::io_error);
}

TEST_CASE("the number of a request stands where {n} is") {
  CHECK(numbered("/a?{n}&{n}", 7) == "/a?7&{n}");
  CHECK(numbered("/a", 7) == "/a");
  CHECK(is_numbered("{n}"));
  CHECK_FALSE(is_numbered("{}"));
}
