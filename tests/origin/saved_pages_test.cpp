#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include <braid/core/error.hpp>
#include <braid/origin/saved_pages.hpp>

using namespace braid;
using namespace braid::origin;

namespace {

/// A folder that goes away with the test.
class folder {
 public:
  folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "braid-pages-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~folder() { std::filesystem::remove_all(path_); }
  void write(const char* name, std::string_view text) const { std::ofstream(path_ / name) << text; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("a saved page is found by its query, another query gets always the same page of kind results") {
  const folder pages;
  pages.write("index.jsonl",
              "{\"file\":\"a.html\",\"engine\":\"google\",\"kind\":\"results\",\"query\":\"a\"}\n"
              "{\"file\":\"b.html\",\"engine\":\"google\",\"kind\":\"results\",\"query\":\"b\"}\n"
              "{\"file\":\"c.html\",\"engine\":\"google\",\"kind\":\"block\",\"query\":\"c\"}\n"
              "{\"file\":\"x.html\",\"engine\":\"altavista\",\"kind\":\"results\",\"query\":\"a\"}\n");
  for (const char* name : {"a", "b", "c"}) pages.write((std::string(name) + ".html").c_str(), name);
  const saved_pages site(pages.path());
  CHECK(site.size() == 3);
  CHECK(*site.find(engine::google, "a") == "a");
  CHECK(*site.find(engine::google, "b") == "b");
  CHECK(*site.find(engine::google, "c") == "c");
  for (int i = 0; i < 20; ++i) {
    const std::string query = "other" + std::to_string(i);
    const auto page = site.find(engine::google, query);
    REQUIRE(page);
    CHECK(*page != "c");
    CHECK(page == site.find(engine::google, query));
  }
  CHECK(site.find(engine::bing, "a") == nullptr);
}

TEST_CASE("a folder without an index, a broken index and a missing page are errors that name the file") {
  const folder pages;
  CHECK_THROWS_AS(saved_pages(pages.path()), io_error);
  pages.write("index.jsonl", "not json\n");
  CHECK_THROWS_WITH(saved_pages(pages.path()), Catch::Contains("line 1"));
  pages.write("index.jsonl", "{\"file\":\"gone.html\",\"engine\":\"google\",\"kind\":\"results\",\"query\":\"a\"}\n");
  CHECK_THROWS_WITH(saved_pages(pages.path()), Catch::Contains("gone.html"));
  pages.write("index.jsonl", "{\"file\":\"a.html.gz\",\"engine\":\"google\",\"kind\":\"results\",\"query\":\"a\"}\n");
  pages.write("a.html.gz", "no gzip");
  CHECK_THROWS_AS(saved_pages(pages.path()), decode_error);
}

TEST_CASE("the test material loads whole") {
  const std::filesystem::path shared = std::filesystem::path(BRAID_SHARED_DIR) / "data/serp-pages";
  if (!std::filesystem::exists(shared / "index.jsonl")) {
    WARN("skipped: ../shared/data/serp-pages is not there");
    return;
  }
  const saved_pages site(shared);
  CHECK(site.size() > 200);
  for (const std::string_view name : engine_names) CHECK(site.find(*engine_from(name), "some query") != nullptr);
}
