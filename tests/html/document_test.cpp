#include <catch2/catch.hpp>

#include <random>

#include <braid/core/error.hpp>
#include <braid/core/utf8.hpp>
#include <braid/html/document.hpp>

using namespace braid::html;

namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string text_of(std::string_view html) { return document::parse(html).root().text(); }

}  // namespace

TEST_CASE("text runs on inside elements that HTML does not know, but not inside custom ones") {
  CHECK(text_of("<h2><KW>Test</KW>: a <KW>sample</KW>s</h2>") == "Test: a samples");
  CHECK(text_of("<g-card>one</g-card><g-card>two</g-card>") == "one two");
  CHECK(text_of("<kw>one</kw><p>two</p>three") == "one two three");
}

TEST_CASE("a document knows its elements, attributes and text") {
  const auto page = document::parse("<title> A  page</title><div id=x class='a b'><p>one<p>two<b>three</b></div>");
  CHECK(page.title() == "A page");
  const auto div = page.select_first(selector("#x"));
  REQUIRE(div);
  CHECK(div.name() == "div");
  CHECK(div.attribute("class") == "a b");
  CHECK_FALSE(div.attribute("href"));
  CHECK(div.has_class("b"));
  CHECK(div.text() == "one twothree");
  const auto first = div.first_child();
  CHECK(first.next_sibling().text() == "twothree");
  CHECK(first.next_sibling().previous_sibling() == first);
  CHECK_FALSE(first.previous_sibling());
  CHECK(first.parent() == div);
  CHECK(div.contains(first));
  CHECK_FALSE(first.contains(div));
}

TEST_CASE("text is what a reader would read") {
  CHECK(text_of("<p>a&nbsp;&amp;&#x20;b<br>c</p>d<script>e</script><style>f</style>") == "a & b c d");
  CHECK(text_of("soft&shy;hyphen") == "soft\xC2\xADhyphen");
  CHECK(text_of("").empty());
  CHECK(node().text().empty());
}

TEST_CASE("a node that is nowhere has nothing") {
  const node nowhere;
  CHECK_FALSE(nowhere);
  CHECK(nowhere.name().empty());
  CHECK_FALSE(nowhere.attribute("a"));
  CHECK_FALSE(nowhere.parent());
  CHECK_FALSE(nowhere.first_child());
  CHECK_FALSE(nowhere.next_sibling());
  CHECK_FALSE(nowhere.contains(nowhere));
  CHECK(select(nowhere, selector("a")).empty());
}

TEST_CASE("nodes live as long as the document, wherever it is moved") {
  auto page = document::parse("<p>text");
  const auto p = page.select_first(selector("p"));
  const auto moved = std::move(page);
  CHECK(p.text() == "text");
  CHECK(moved.select_first(selector("p")) == p);
}

TEST_CASE("several documents live beside one another and their memory is used again") {
  for (int round = 0; round < 3; ++round) {
    std::vector<document> pages;
    for (int i = 0; i < 8; ++i) pages.push_back(document::parse("<p>" + std::to_string(i)));
    for (int i = 0; i < 8; ++i) CHECK(pages[static_cast<std::size_t>(i)].root().text() == std::to_string(i));
  }
}

TEST_CASE("characters are decoded by what the transport, the byte order mark or the page says") {
  CHECK(text_of("\xEF\xBB\xBFgr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
  CHECK(text_of("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
  CHECK(document::parse("gr\xFC\xDF", "iso-8859-1").root().text() == "gr\xC3\xBC\xC3\x9F");
  CHECK(text_of("<meta charset=windows-1252><p>\x93quoted\x94") == "\xE2\x80\x9Cquoted\xE2\x80\x9D");
  CHECK(text_of("<meta http-equiv=Content-Type content='text/html; charset=gbk'><p>\xC4\xE3\xBA\xC3") ==
        "\xE4\xBD\xA0\xE5\xA5\xBD");
  CHECK(document::parse("<p>\xC4\xE3\xBA\xC3", "gb2312").charset() == "GBK");
  CHECK(text_of(std::string_view("\xFF\xFE<\0p\0>\0h\0i\0", 12)) == "hi");
  CHECK(text_of("caf\xE9") == "caf\xC3\xA9");
}

TEST_CASE("what does not decode becomes a replacement character") {
  CHECK(document::parse("a\xFF\xC3(b", "utf-8").root().text() == "a\xEF\xBF\xBD\xEF\xBF\xBD(b");
  CHECK(document::parse("a\x80", "shift_jis").root().text().starts_with("a"));
}

TEST_CASE("text is valid UTF-8 whatever the page is") {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string html = "<p>";
    for (int i = 0; i < 60; ++i) html += static_cast<char>(random() % 4 == 0 ? 0 : random());
    const auto text = document::parse(html).root().text();
    CHECK(braid::valid_utf8(text) == text.size());
  }
  CHECK(braid::repaired_utf8("a\xE2\x82z\xF0\x9F\x98\x80") == "a\xEF\xBF\xBD\xEF\xBF\xBDz\xF0\x9F\x98\x80");
  CHECK(braid::repaired_utf8("\xED\xA0\x80\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("pages made to stall a parser are refused") {
  const auto hostile = GENERATE(as<std::string>{}, "<div>", "<b>", "<b></p>", "<table><tr><td>", "<svg>", "<template>",
                                "<div><select></div></select>", "<svg><style><div>", "<a><div>");
  std::string html;
  for (int i = 0; i < 100'000; ++i)  // formatting elements that are all the same do not pile up: these are not
    html += hostile.starts_with("<b") ? "<b a=" + std::to_string(i) + hostile.substr(2) : hostile;
  CHECK_THROWS_AS(document::parse(html), braid::limit_error);
}

TEST_CASE("elements that close one another are no nesting") {
  const auto harmless = GENERATE(as<std::string>{}, "<p>x", "<li>x", "<option>x", "<table>", "<br>", "<img>", "</div>");
  CHECK_NOTHROW(document::parse(repeated(harmless, 20'000)));
}

TEST_CASE("attributes, size and pieces of text are bounded") {
  std::string wide = "<div", roots;
  for (int i = 0; i < 100'000; ++i) wide += " a" + std::to_string(i);
  CHECK_THROWS_AS(document::parse(wide + ">"), braid::limit_error);
  for (int i = 0; i < 100'000; ++i) roots += "<body a" + std::to_string(i) + "=1>";
  CHECK_THROWS_AS(document::parse(roots), braid::limit_error);
  limits small;
  small.bytes = 10;
  CHECK_THROWS_AS(document::parse("<p>longer than that", {}, small), braid::limit_error);
  CHECK_THROWS_AS(document::parse(repeated("xyz</b>", 2'500'000)), braid::limit_error);
  CHECK(text_of("<p>still works") == "still works");
}

TEST_CASE("random bytes are some document") {
  std::mt19937 random(7);
  static constexpr std::string_view alphabet = "<>/='\"&;!-abipdtrx \n\xC3\xFF";
  for (int round = 0; round < 300; ++round) {
    std::string html;
    for (int i = 0; i < 500; ++i) html += alphabet[random() % alphabet.size()];
    const auto page = document::parse(html);
    const auto all = page.select(selector("*"));
    for (const auto n : all) CHECK(n.end() <= page.root().end());
  }
}
