#include <braid/scrape/robots.hpp>
#include <catch2/catch.hpp>

using namespace braid::scrape;

namespace {

bool allows(std::string_view text, std::string_view agent, std::string_view target) {
  return robots_rules::parse(text, agent).allows(target);
}

}  // namespace

TEST_CASE("a crawler that nobody speaks to may fetch everything") {
  CHECK(robots_rules().allows("/"));
  CHECK(allows("", "braid", "/x"));
  CHECK(allows("<html><body>Not found: /</body></html>", "braid", "/x"));
  CHECK(allows("Disallow: /", "braid", "/x"));
  CHECK(allows("User-agent: other\nDisallow: /", "braid", "/x"));
  CHECK_FALSE(robots_rules::nothing().allows("/x"));
}

TEST_CASE("the groups that name the crawler count together and push the others aside") {
  const auto* text =
      "User-agent: *\nDisallow: /everyone\n\nUser-agent: BRAID/2.0\nUser-agent: other\nDisallow: /a\n\n"
      "User-agent: third\nDisallow: /c\n\nUser-agent: braid\nDisallow: /b\n";
  CHECK_FALSE(allows(text, "braid", "/a"));
  CHECK_FALSE(allows(text, "braid", "/b"));
  CHECK(allows(text, "braid", "/c"));
  CHECK(allows(text, "braid", "/everyone"));
  CHECK_FALSE(allows(text, "other", "/a"));
  CHECK(allows(text, "other", "/b"));
  CHECK_FALSE(allows(text, "unknown", "/everyone"));
  CHECK(allows("User-agent: *\nDisallow: /\nUser-agent: braid\nDisallow:\n", "braid", "/x"));
}

TEST_CASE("the longest rule decides and of equals the one that allows") {
  const auto* text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /same\nDisallow: /same\n";
  CHECK_FALSE(allows(text, "braid", "/a"));
  CHECK(allows(text, "braid", "/a/b"));
  CHECK_FALSE(allows(text, "braid", "/a/b/cd"));
  CHECK(allows(text, "braid", "/same"));
}

TEST_CASE("stars stand for anything and a dollar for the end") {
  const auto rule = [](const std::string& pattern, std::string_view target) {
    return !allows("User-agent: *\nDisallow: " + pattern, "braid", target);
  };
  CHECK(rule("/*.php$", "/a/b.php"));
  CHECK(rule("/*.php$", "/a.php.php"));
  CHECK_FALSE(rule("/*.php$", "/a.php?x"));
  CHECK(rule("/a*b*c", "/a1b2c3"));
  CHECK_FALSE(rule("/a*b*c", "/a1c2b3"));
  CHECK(rule("*/x", "/deep/x"));
  CHECK(rule("/a$b", "/a$b"));
  CHECK(rule("/$", "/"));
  CHECK_FALSE(rule("/$", "/x"));
  CHECK_FALSE(rule("/ab*b$", "/ab"));
  CHECK(rule("/*", "/"));
}

TEST_CASE("bytes beyond ASCII and their escapes are the same") {
  CHECK_FALSE(allows("User-agent: *\nDisallow: /\xE3\x83\x84", "braid", "/%E3%83%84"));
  CHECK_FALSE(allows("User-agent: *\nDisallow: /%e3%83%84", "braid", "/%E3%83%84"));
  CHECK_FALSE(allows("User-agent: *\nDisallow: /%E3%83%84", "braid", "/%e3%83%84"));
}

TEST_CASE("files are read as they come: line ends and marks and misspellings and comments") {
  CHECK_FALSE(allows("\xEF\xBB\xBFuser-agent:*\rDISALLOW:/x # why\r\n", "braid", "/x"));
  CHECK_FALSE(allows("useragent: *\ndissallow: /x", "braid", "/x"));
  CHECK_FALSE(allows("User-agent *\nDisallow /x", "braid", "/x"));
  CHECK(allows("User-agent: *\nDisallow /x by order", "braid", "/x"));
  CHECK_FALSE(allows("User-agent: *\nCrawl-delay: 5\nSitemap: http://h/s.xml\nDisallow: /x", "braid", "/x"));
}

TEST_CASE("a line beyond all measure is cut") {
  const std::string path = "/" + std::string(20'000, 'a');
  CHECK_FALSE(allows("User-agent: *\nDisallow: " + path, "braid", path.substr(0, 17'000)));
}

TEST_CASE("a product token is what stands before the version") {
  CHECK(product_token("braid/0.1") == "braid");
  CHECK(product_token("My-Bot_x (+https://example.org)") == "My-Bot_x");
  CHECK(product_token("") == "");
}

TEST_CASE("a target is cut out of an address as it is written") {
  CHECK(robots_target("http://h/a?b#c") == "/a?b");
  CHECK(robots_target("http://h") == "/");
  CHECK(robots_target("http://h?a") == "/?a");
  CHECK(robots_target("//h/a") == "/a");
  CHECK(robots_target("h/a?u=http://x/y") == "/a?u=http://x/y");
  CHECK(robots_target("/a") == "/a");
  CHECK(robots_target("") == "/");
}
