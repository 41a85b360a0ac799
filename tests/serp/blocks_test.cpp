#include <catch2/catch.hpp>

#include "pages.hpp"

using namespace braid;
using namespace braid::test;

namespace {

nlohmann::ordered_json parsed_with(const std::string& engine, const std::string& more) {
  return serp::parse_page(engine_of(engine), page_file(engine) + more).json;
}

}  // namespace

TEST_CASE("duckduckgo's second link in a heading does not cut a result off from its snippet") {
  const auto json = serp::parse_page(engine_of("duckduckgo"), R"(<div id=links><div class=result><div class=links_main>
    <h2><a class=result__a href="https://one.example/">First</a><a class=result__check href="https://one.example/">seen</a></h2>
    <div class=result__snippet>The first snippet.</div></div></div></div>)")
                        .json;
  REQUIRE(json["organic_results"].size() == 1);
  CHECK(json["organic_results"][0]["snippet"] == "The first snippet.");
}

TEST_CASE("bing: videos, images, products, an answer") {
  const auto json = parsed_with("bing", R"(
    <div class=b_ans><div class="rwrl">A braid is a rope.</div><a href="https://answer.example/">more</a></div>
    <a class=mc_vtvc_link href="/videos/1"><div class=mc_vtvc_title>How to braid</div><div class=mc_bc_w>5:02</div></a>
    <div class=b_imgans><a href="/images/1"><img alt="A braid" src="data:image/gif;base64,x"></a></div>
    <div class=pa_item><a href="https://shop.example/"><div class=pa_title>Rope</div></a><p class=pa_price>$9</p></div>)");
  CHECK(json["answer_box"]["answer"] == "A braid is a rope.");
  CHECK(json["answer_box"]["link"] == "https://answer.example/");
  CHECK(json["inline_videos"][0]["title"] == "How to braid");
  CHECK(json["inline_videos"][0]["duration"] == "5:02");
  CHECK(json["inline_images"][0]["title"] == "A braid");
  CHECK_FALSE(json["inline_images"][0].contains("thumbnail"));
  CHECK(json["shopping_results"][0]["price"] == "$9");
  CHECK_FALSE(json.contains("ai_overview"));
}

TEST_CASE("brave, ecosia and yahoo: news, videos, products") {
  const auto brave = parsed_with("brave", R"(<div id=news-carousel><a class=card href="https://news.example/">
    <div class=title>Braids are back</div><span class=card-footer__timestamp>1 week ago</span></a></div>)");
  CHECK(brave["top_stories"][0]["title"] == "Braids are back");
  CHECK(brave["top_stories"][0]["date"] == "1 week ago");
  const auto ecosia = parsed_with("ecosia", R"(
    <a data-test-id=videos-snippet-card href="https://video.example/"><h3 class=snippet-card__title>A video</h3></a>
    <a data-test-id=product-ads-carousel-card href="https://shop.example/"><h3>Rope</h3><div class=x-price>$9</div></a>)");
  CHECK(ecosia["inline_videos"][0]["title"] == "A video");
  CHECK(ecosia["shopping_results"][0]["price"] == "$9");
  const auto yahoo =
      parsed_with("yahoo", R"(<ul class=compImageList><li><a href="https://video.search.yahoo.com/search/video?p=x">
    <img alt="A video" src="x.jpg"><div class=ctimestamp>8:26</div></a></ul>)");
  CHECK(yahoo["inline_videos"][0]["title"] == "A video");
  CHECK(yahoo["inline_videos"][0]["duration"] == "8:26");
}
