#include "serp/serve/answer_text.hpp"

#include <catch2/catch.hpp>

#include "serp/fetch/packed_page.hpp"

using namespace braid::serve;

namespace {

constexpr const char* record = R"__({"search_metadata":{"status":"Success","processed_at":"2026-01-01T00:00:00.000Z"},
"search_parameters":{"engine":"google","q":"a_b","page":2},
"organic_results":[{"position":1,"title":"[x](y) <b>","link":"https://e.org/a (1)b","snippet":"one\ntwo *"},
{"position":2,"title":"no, link"}],"related_searches":[{"query":"c|d"}]})__";

braid::scrape::task_result result() {
  braid::scrape::task_result out;
  out.record = record;
  return out;
}

std::string body_of(output as) {
  auto made = render(result(), as);
  return std::get<answer_text>(made).body;
}

}  // namespace

TEST_CASE("Markdown has the results, and nothing in them marks up") {
  CHECK(body_of(output::markdown) ==
        "# a\\_b\n\ngoogle, page 2, 2026-01-01T00:00:00.000Z\n\n"
        "1. [\\[x\\](y) \\<b\\>](https://e.org/a%20%281%29b)\n   one two \\*\n2. no, link\n"
        "\n## Related searches\n\n- c\\|d\n");
}

TEST_CASE("CSV has a row a result") {
  CHECK(body_of(output::csv) ==
        "engine,query,page,status,position,title,link,displayed_link,snippet,error\n"
        "google,a_b,2,Success,1,[x](y) <b>,https://e.org/a (1)b,,\"one two *\",\n"
        "google,a_b,2,Success,2,\"no, link\",,,,\n");
}

TEST_CASE("JSON is the record as it was kept, NDJSON with its line end") {
  CHECK(body_of(output::json) == record);
  CHECK(body_of(output::ndjson) == std::string(record) + '\n');
}

TEST_CASE("the page is there if it was kept") {
  auto without = render(result(), output::html);
  CHECK(std::get<fault>(without).status == 404);
  auto kept = result();
  kept.page = braid::fetch::pack_page("<html>");
  auto with = render(std::move(kept), output::html);
  CHECK(std::get<answer_text>(with).body == "<html>");
}

TEST_CASE("a failed record says why in Markdown too") {
  const auto failed = nlohmann::ordered_json::parse(
      R"({"search_parameters":{"engine":"bing","q":"x","page":1},"error":{"code":"blocked","message":"a wall"}})");
  CHECK_THAT(markdown_of(failed), Catch::Contains("\n**blocked**: a wall\n"));
}
