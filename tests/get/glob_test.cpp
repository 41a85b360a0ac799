// Patterns of URLs.
#include "../../apps/get/glob.hpp"

#include <catch2/catch.hpp>

#include "../../apps/get/get_error.hpp"

using namespace braid::get;

namespace {

std::vector<std::string> all_of(const std::string& pattern) {
  const glob_pattern parsed = glob_pattern::parse(pattern);
  std::vector<std::string> out;
  for (std::uint64_t n = 0; n < parsed.size(); ++n) out.push_back(parsed.at(n).text);
  return out;
}

}  // namespace

TEST_CASE("a pattern stands for its texts and the last part changes fastest") {
  using list = std::vector<std::string>;
  CHECK(all_of("h/{a,bc}[8-10]") == list{"h/a8", "h/a9", "h/a10", "h/bc8", "h/bc9", "h/bc10"});
  CHECK(all_of("[a-e:2]") == list{"a", "c", "e"});
  CHECK(all_of("[008-010]") == list{"008", "009", "010"});
  CHECK(all_of("\\{a\\}[::1]{}") == list{"{a}[::1]{}"});
  CHECK(all_of("") == list{""});
  CHECK(glob_pattern::plain("{a,b}").at(0).text == "{a,b}");
}

TEST_CASE("a pattern of billions is read at any place") {
  const glob_pattern many = glob_pattern::parse("{a,b}[0-999999999]{<end>x,y}");
  CHECK(many.size() == 4'000'000'000);
  const glob_match last = many.at(many.size() - 1);
  CHECK(last.text == "b999999999y");
  CHECK(fill_in("#1-#2-#<end>.#4", last) == "b-999999999-y.#4");
  CHECK_THROWS_AS(fill_in("#<other>", last), get_error);
}

TEST_CASE("patterns have bounds and faults are shown where they are") {
  CHECK_THROWS_AS(glob_pattern::parse("[0-9999999999][0-9999999999]"), get_error);
  CHECK_THROWS_WITH(glob_pattern::parse("h/{a"), Catch::Contains("unmatched brace in position 3:\nh/{a\n  ^"));
  CHECK_THROWS_AS(glob_pattern::parse("h/a}"), get_error);
  CHECK_THROWS_AS(glob_pattern::parse("[9-1]"), get_error);
  CHECK_THROWS_AS(glob_pattern::parse("[1-9:0]"), get_error);
}
