#include <catch2/catch.hpp>

#include <braid/origin/route.hpp>

using namespace braid::origin;

namespace {
struct expectation {
  const char* target;
  const char* host;
  engine which;
  const char* query;
  unsigned page;
};
}  // namespace

TEST_CASE("an engine's own URL finds that engine's page") {
  const expectation cases[] = {
      {"/google/search?q=a+b&hl=en&gl=us&num=10", "127.0.0.1:8080", engine::google, "a b", 0},
      {"/google/search?q=a%20b&start=20", "127.0.0.1", engine::google, "a b", 2},
      {"/bing/search?q=x&first=11", "127.0.0.1", engine::bing, "x", 1},
      {"/duckduckgo/html/?q=x&s=30&dc=31", "127.0.0.1", engine::duckduckgo, "x", 3},
      {"/brave/search?q=x&offset=2&source=web", "127.0.0.1", engine::brave, "x", 2},
      {"/ecosia/search?q=x&p=1", "127.0.0.1", engine::ecosia, "x", 1},
      {"/yahoo/search?p=x&b=11", "127.0.0.1", engine::yahoo, "x", 1},
      {"/search?q=x", "127.0.0.1", engine::google, "x", 0},
      {"/html/?q=x", "127.0.0.1", engine::duckduckgo, "x", 0},
      {"/search?p=x", "127.0.0.1", engine::yahoo, "x", 0},
      {"/search?q=x", "www.bing.com", engine::bing, "x", 0},
      {"/search?q=x", "search.brave.com", engine::brave, "x", 0},
      {"/search?q=x", "www.google.co.uk:443", engine::google, "x", 0},
      {"/html/?q=x", "html.duckduckgo.com", engine::duckduckgo, "x", 0},
      {"/search?p=x", "search.yahoo.com", engine::yahoo, "x", 0},
      {"/search?q=x", "notgoogle.com", engine::google, "x", 0},
  };
  for (const expectation& e : cases) {
    INFO(e.target << " " << e.host);
    const route found = find_route(e.target, e.host, engine::google);
    CHECK(found.what == route::kind::search);
    CHECK(to_string(found.which) == to_string(e.which));
    CHECK(found.query == e.query);
    CHECK(found.page == e.page);
  }
  CHECK(find_route("/search?q=x", "localhost", engine::brave).which == engine::brave);
}

TEST_CASE("the plain paths carry their number") {
  CHECK(find_route("/bytes/1024", "h", engine::google).what == route::kind::bytes);
  CHECK(find_route("/bytes/1024", "h", engine::google).number == 1024);
  CHECK(find_route("/status/503", "h", engine::google).number == 503);
  CHECK(find_route("/stats", "h", engine::google).what == route::kind::stats);
  CHECK(find_route("/robots.txt", "h", engine::google).what == route::kind::robots);
  CHECK(find_route("/google/robots.txt", "h", engine::bing).what == route::kind::robots);
  CHECK(find_route("/", "h", engine::google).what == route::kind::home);
}

TEST_CASE("what is on no engine is unknown") {
  for (const char* target : {"/bytes/", "/bytes/-1", "/bytes/1x", "/nothing", "/bing/html/?q=x", "/google", "*"}) {
    INFO(target);
    const auto what = find_route(target, "h", engine::google).what;
    CHECK((what == route::kind::unknown || what == route::kind::home));
  }
  CHECK(find_route("/search", "h", engine::google).what == route::kind::home);
}
