#include <catch2/catch.hpp>
#include <set>

#include <braid/origin/search_page.hpp>

using namespace braid::origin;

namespace {

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != text.npos; at = text.find(piece, at + piece.size())) ++n;
  return n;
}

constexpr engine all[] = {engine::google, engine::bing,   engine::duckduckgo,
                          engine::brave,  engine::ecosia, engine::yahoo};

std::string page_of(engine which, std::string_view query, unsigned page = 0, page_options options = {}) {
  return render(which, invent(query, page, options), options);
}

}  // namespace

TEST_CASE("a page is a function of engine, query, page and seed") {
  page_options other;
  other.seed = 2;
  for (const engine which : all) {
    INFO(to_string(which));
    CHECK(page_of(which, "coffee") == page_of(which, "coffee"));
    CHECK(page_of(which, "coffee") != page_of(which, "tea"));
    CHECK(page_of(which, "coffee") != page_of(which, "coffee", 1));
    CHECK(page_of(which, "coffee") != page_of(which, "coffee", 0, other));
  }
}

TEST_CASE("ten results a page, none twice on the first pages") {
  std::set<std::string> urls;
  for (unsigned page = 0; page < 5; ++page) {
    const search_page found = invent("coffee", page, page_options());
    CHECK(found.items.size() == 10);
    for (const found_item& item : found.items) urls.insert(item.url);
  }
  CHECK(urls.size() == 50);
  CHECK(invent("coffee", 30, page_options()).items.empty());
}

TEST_CASE("each engine's page has that engine's structure") {
  CHECK(count(page_of(engine::google, "x"), "<h3 class=\"LC20lb") == 10);
  CHECK(count(page_of(engine::bing, "x"), "<li class=\"b_algo\">") == 10);
  CHECK(count(page_of(engine::bing, "x"), "/ck/a?") > 0);
  CHECK(count(page_of(engine::duckduckgo, "x"), "class=\"result__a\"") == 10);
  CHECK(count(page_of(engine::duckduckgo, "x"), "uddg=https%3A%2F%2F") >= 10);
  CHECK(count(page_of(engine::brave, "x"), "data-type=\"web\"") == 10);
  CHECK(count(page_of(engine::ecosia, "x"), "data-test-id=\"organic-result\"") == 10);
  CHECK(count(page_of(engine::yahoo, "x"), "class=\"dd algo") == 10);
  CHECK(count(page_of(engine::yahoo, "x"), "/RU=https%3A%2F%2F") == 10);
}

TEST_CASE("the size of a page can be chosen") {
  for (const engine which : all) {
    page_options options;
    options.page_bytes = 300'000;
    const std::string page = page_of(which, "coffee", 0, options);
    INFO(to_string(which) << " " << page.size());
    CHECK(page.size() > 285'000);
    CHECK(page.size() < 315'000);
    CHECK(page_of(which, "coffee").size() < 20'000);
  }
}

TEST_CASE("a query is escaped wherever it stands") {
  for (const engine which : all) {
    const std::string page = page_of(which, "<script>alert(1)</script>\"&");
    INFO(to_string(which));
    CHECK(page.find("<script>alert") == page.npos);
    CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;") != page.npos);
    CHECK(render_block(which, "<script>alert(1)</script>").html.find("<script>alert") == page.npos);
  }
}

TEST_CASE("a search without results says so in the engine's words") {
  CHECK(page_of(engine::google, "no results").find("did not match any documents") != std::string::npos);
  CHECK(page_of(engine::bing, "no results").find("There are no results for") != std::string::npos);
  CHECK(page_of(engine::yahoo, "no results").find("We did not find results for") != std::string::npos);
  for (const engine which : all) CHECK(count(page_of(which, "no results"), "https://www.") == 0);
}

TEST_CASE("each engine blocks in its own way") {
  CHECK(render_block(engine::google, "x").status == 429);
  CHECK(render_block(engine::google, "x").html.find("captcha-form") != std::string::npos);
  CHECK(render_block(engine::bing, "x").status == 200);
  CHECK(render_block(engine::bing, "x").html.find("b_algo") == std::string::npos);
  CHECK(render_block(engine::duckduckgo, "x").status == 202);
  CHECK(render_block(engine::duckduckgo, "x").html.find("anomaly-modal") != std::string::npos);
}
