#include <catch2/catch.hpp>

#include <braid/core/error.hpp>
#include <braid/html/document.hpp>

using namespace braid::html;

namespace {

/// The ids of what a selector finds on one small page.
std::string found(std::string_view which) {
  static const auto page = document::parse(
      "<body id=body><div id=d1 class='box first' data-k='One Two'><a id=a1 href='http://x.example/p?q=1'>"
      "<h3 id=h1>t</h3></a><p id=p1>one</p><p id=p2>two</p></div>"
      "<div id=d2 class='box' lang=en-US><span id=s1><a id=a2 href=/r><i id=i1></i></a></span><p id=p3>x</p></div>");
  std::string ids;
  for (const auto n : page.select(selector(which))) ids += (ids.empty() ? "" : " ") + std::string(*n.attribute("id"));
  return ids;
}

std::string refusal(std::string_view text) {
  try {
    selector made(text);
    return "accepted";
  } catch (const braid::invalid_argument& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("simple selectors and attributes") {
  CHECK(found("a") == "a1 a2");
  CHECK(found(".box.first") == "d1");
  CHECK(found("div#d2") == "d2");
  CHECK(found("[href]") == "a1 a2");
  CHECK(found("[href^=http]") == "a1");
  CHECK(found("[href$='?q=1']") == "a1");
  CHECK(found("[href*=\"example\"]") == "a1");
  CHECK(found("[data-k~=Two]") == "d1");
  CHECK(found("[data-k='one two' i]") == "d1");
  CHECK(found("[lang|=en]") == "d2");
}

TEST_CASE("combinators and lists, in document order, each element once") {
  CHECK(found("div a") == "a1 a2");
  CHECK(found("div > a") == "a1");
  CHECK(found("a + p") == "p1");
  CHECK(found("a ~ p") == "p1 p2");
  CHECK(found("p, a, .box a") == "a1 p1 p2 a2 p3");
  CHECK(found("body div.box > span a > i") == "i1");
}

TEST_CASE(":has(), :not() and :is()") {
  CHECK(found("a:has(h3)") == "a1");
  CHECK(found("div:has(> a)") == "d1");
  CHECK(found("a:has(+ p)") == "a1");
  CHECK(found("div:not(:has(h3))") == "d2");
  CHECK(found(":is(h3, i)") == "h1 i1");
  CHECK(found("div:has(p:not(#p1)):not(.first) a") == "a2");
  CHECK(found("p:not(a ~ p)") == "p3");
}

TEST_CASE("positions") {
  CHECK(found("div > :first-child") == "a1 s1");
  CHECK(found("p:last-child") == "p2 p3");
  CHECK(found("p:nth-child(2)") == "p1 p3");
  CHECK(found("p:nth-of-type(2)") == "p2");
  CHECK(found("div > :nth-child(2n+1)") == "a1 p2 s1");
  CHECK(found("div > :nth-child(-n+2)") == "a1 p1 s1 p3");
  CHECK(found("i:only-child:empty") == "i1");
}

TEST_CASE("closest climbs, and starts with the element itself") {
  const auto page = document::parse("<div id=a><p><b>x</b></p></div>");
  const auto b = page.select_first(selector("b"));
  CHECK(closest(b, selector("div")).attribute("id") == "a");
  CHECK(closest(b, selector("b")) == b);
  CHECK_FALSE(closest(b, selector("table")));
}

TEST_CASE("bad selectors are refused with the reason and the place") {
  CHECK(refusal("a[href") == "selector \"a[href\": expected ']' or an operator such as '=' or '^=' at character 7");
  CHECK(refusal("a:hover") == "selector \"a:hover\": unknown pseudo-class :hover at character 3");
  CHECK(refusal("") == "selector \"\": the selector ends too early at character 1");
  CHECK(refusal("a,,b").find("expected a selector at character 3") != std::string::npos);
  CHECK(refusal("a:has(b").find("expected ')'") != std::string::npos);
  CHECK(refusal("a)").find("unexpected ')'") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += ":not(";
  CHECK(refusal(deep).find("too many selectors inside one another") != std::string::npos);
}
