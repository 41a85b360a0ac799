#include <braid/core/error.hpp>
#include <braid/measure/table.hpp>
#include <braid/measure/text_width.hpp>

#include <catch2/catch.hpp>

using namespace braid::measure;

TEST_CASE("columns are as wide as their widest cell and figures stand to the right") {
  auto t = table::of_figures({"mode", "requests/s"});
  t.row({"sequential", "9.93"}).row({"concurrent", "812"});
  CHECK(t.str() ==
        "mode        requests/s\n"
        "──────────────────────\n"
        "sequential        9.93\n"
        "concurrent         812\n");
}

TEST_CASE("lines end without spaces and missing cells are empty") {
  table t({{"name"}, {"note"}});
  t.row({"a"}).rule().row({"b", "text"});
  CHECK(t.str() ==
        "name  note\n"
        "──────────\n"
        "a\n"
        "──────────\n"
        "b     text\n");
}

TEST_CASE("cells in any script line up") {
  auto t = table::of_figures({"query", "n"});
  t.row({"咖啡", "1"}).row({"café", "2"}).row({"cafe\u0301", "3"});
  CHECK(t.str() ==
        "query  n\n"
        "────────\n"
        "咖啡   1\n"
        "café   2\n"
        "cafe\u0301   3\n");
}

TEST_CASE("wide cells are cut off with an ellipsis") {
  table t({{"title", table::align::left, 5}});
  t.row({"abcdef"}).row({"abcde"}).row({"咖啡咖啡"});
  CHECK(t.str() ==
        "title\n"
        "─────\n"
        "abcd…\n"
        "abcde\n"
        "咖啡…\n");
}

TEST_CASE("text from a page cannot move the cursor") {
  table t({{"title"}});
  t.row({"a\nb\x1b[2Jc"});
  CHECK(t.str().find("a b [2Jc") != std::string::npos);
}

TEST_CASE("more cells than columns are refused") {
  table t({{"one"}});
  CHECK_THROWS_AS(t.row({"a", "b"}), braid::invalid_argument);
}

TEST_CASE("a table without rows is its titles") { CHECK(table::of_figures({"a", "b"}).str() == "a  b\n────\n"); }

TEST_CASE("bytes that are no UTF-8 take one column each and become replacement characters") {
  CHECK(text_width("a\xFF\xC3") == 3);
  CHECK(text_width("\xE2\x82") == 2);
  CHECK(text_width("\xC0\x80") == 2);      // overlong
  CHECK(text_width("\xED\xA0\x80") == 3);  // a surrogate
  CHECK(printable("a\xFFz") == "a\xEF\xBF\xBDz");
}

TEST_CASE("clipping keeps whole characters") {
  CHECK(clipped("hello", 5) == "hello");
  CHECK(clipped("hello", 4) == "hel…");
  CHECK(clipped("hello", 1) == "…");
  CHECK(clipped("hello", 0).empty());
  CHECK(clipped("咖啡", 3) == "咖…");
}
