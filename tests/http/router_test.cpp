#include <braid/http/router.hpp>

#include <braid/core/error.hpp>

#include "server_fixture.hpp"

using namespace server_tests;

namespace {

/// Says which route it is and what its names stand for.
http::route_handler says(std::string what) {
  return [what](http::server_request& request, const http::path_values& values) -> awaitable<http::reply> {
    co_return http::reply::text(what + " " + std::string(request.method()) + " " + values["id"]);
  };
}

http::router tasks() {
  http::router routes;
  routes.add("GET", "/", says("home"));
  routes.add("GET", "/task/{id}", says("show")).add("DELETE", "/task/{id}", says("remove"));
  routes.add("POST", "/task/batch", says("batch"));
  routes.add("GET", "/task/{id}/results", says("results"));
  return routes;
}

struct outcome {
  int status;
  std::string pattern, id, allow;
  bool operator==(const outcome&) const = default;
};

outcome find(std::string_view method, std::string_view path) {
  const http::router routes = tasks();
  const auto found = routes.find(method, path);
  return {found.status, std::string(found.pattern), found.values["id"], found.allow};
}

}  // namespace

TEST_CASE("a path finds its route, and names stand for decoded segments") {
  CHECK((find("GET", "/") == outcome{200, "/", "", ""}));
  CHECK((find("GET", "/task/7") == outcome{200, "/task/{id}", "7", ""}));
  CHECK((find("DELETE", "/task/7") == outcome{200, "/task/{id}", "7", ""}));
  CHECK((find("HEAD", "/task/7") == outcome{200, "/task/{id}", "7", ""}));
  CHECK((find("GET", "/task/a%20b%2Fc/results") == outcome{200, "/task/{id}/results", "a b/c", ""}));
}

TEST_CASE("a text is better than a name, also for methods it does not have") {
  CHECK((find("POST", "/task/batch") == outcome{200, "/task/batch", "", ""}));
  CHECK((find("GET", "/task/batch") == outcome{405, "/task/batch", "", "POST, OPTIONS"}));
}

TEST_CASE("what no route knows is 404, a method that a route has not is 405 with those it has") {
  for (const char* path : {"/task", "/task/", "/task/7/", "/task//results", "//task/7", "/tasks/7", "/TASK/7", "*",
                           "/task/7/results/8", "/../task/7", "/task/7/../8/results", ""}) {
    INFO(path);
    CHECK((find("GET", path) == outcome{404, "", "", ""}));
  }
  CHECK((find("PUT", "/task/7") == outcome{405, "/task/{id}", "", "GET, DELETE, HEAD, OPTIONS"}));
  CHECK((find("get", "/task/7") == outcome{405, "/task/{id}", "", "GET, DELETE, HEAD, OPTIONS"}));
  CHECK((find("OPTIONS", "/task/batch") == outcome{204, "/task/batch", "", "POST, OPTIONS"}));
}

TEST_CASE("a route that cannot be meant is refused when it is added") {
  for (const char* pattern : {"task", "", "/{id}/{id}", "/a{id}", "/{id", "/{}"}) {
    INFO(pattern);
    http::router routes;
    CHECK_THROWS_AS(routes.add("GET", pattern, says("")), invalid_argument);
  }
  http::router routes = tasks();
  CHECK_THROWS_AS(routes.add("GET", "/task/{id}", says("")), invalid_argument);
  CHECK_THROWS_AS(routes.add("PUT", "/task/{name}", says("")), invalid_argument);
}

TEST_CASE("a router is a server's handler") {
  http::router routes = tasks();
  routes.otherwise([](http::server_request& request, int status) {
    return http::reply(status, "{\"path\":\"" + std::string(request.path()) + "\"}", "application/json");
  });
  visitor guest(routes);
  converse(guest, [&]() -> awaitable<void> {
    co_await guest.send(get("/task/7?x=1") + get("/nowhere") + "PUT /task/7 HTTP/1.1\r\nHost: test\r\n\r\n" +
                        "OPTIONS /task/7 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    const std::string all = co_await guest.read_all();
    CHECK_THAT(all, Catch::Contains("show GET 7HTTP/1.1 404 Not Found\r\n"));
    CHECK_THAT(all, Catch::Contains("{\"path\":\"/nowhere\"}HTTP/1.1 405 Method Not Allowed\r\n"));
    CHECK_THAT(all, Catch::Contains("\r\nAllow: GET, DELETE, HEAD, OPTIONS\r\n"));
    CHECK_THAT(all, Catch::Contains("{\"path\":\"/task/7\"}HTTP/1.1 204 No Content\r\n"));
  });
}
