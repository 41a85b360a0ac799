#include <catch2/catch.hpp>

#include <braid/core/error.hpp>
#include <braid/http/headers.hpp>

using namespace braid;
using namespace braid::http;

namespace {

std::string joined(const headers& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += std::string(name) + "=" + std::string(value) + ";";
  return out;
}

}  // namespace

TEST_CASE("headers keep their order and the case of their names, and are found in any case") {
  headers fields{{"Host", "a"}, {"Accept", "b"}, {"accept", "c"}};
  CHECK(joined(fields) == "Host=a;Accept=b;accept=c;");
  CHECK(fields.get("ACCEPT") == "b");
  CHECK(fields.get_all("Accept") == std::vector<std::string_view>{"b", "c"});
  CHECK_FALSE(fields.has("Accep"));
  CHECK_FALSE(fields.get("X"));
}

TEST_CASE("set leaves one field in the place of the first") {
  headers fields{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}};
  fields.set("a", "5");
  CHECK(joined(fields) == "a=5;B=2;C=4;");
  fields.set("D", "6");
  CHECK(joined(fields) == "a=5;B=2;C=4;D=6;");
  fields.set("B", *fields.get("D"));
  CHECK(joined(fields) == "a=5;B=6;C=4;D=6;");
}

TEST_CASE("remove takes all fields of a name") {
  headers fields{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  CHECK(fields.remove("A") == 2);
  CHECK(fields.remove("A") == 0);
  CHECK(joined(fields) == "B=2;");
  fields.clear();
  CHECK(fields.empty());
  CHECK(fields.begin() == fields.end());
}

TEST_CASE("what could break out of a header is refused, surrounding space goes") {
  headers fields;
  fields.add("A", " \tx y\t ");
  CHECK(fields.get("A") == "x y");
  CHECK_THROWS_AS(fields.add("A", "x\r\nB: y"), invalid_argument);
  CHECK_THROWS_AS(fields.add("A", "x\n"), invalid_argument);
  CHECK_THROWS_AS(fields.set("A", std::string_view("x\0y", 3)), invalid_argument);
  CHECK_THROWS_AS(fields.add("A B", "x"), invalid_argument);
  CHECK_THROWS_AS(fields.add("A:", "x"), invalid_argument);
  CHECK_THROWS_AS(fields.add("", "x"), invalid_argument);
  CHECK_THROWS_AS(fields.set("A\r\n", "x"), invalid_argument);
  CHECK(joined(fields) == "A=x y;");
}
