#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <braid/core/error.hpp>

#include "client/redirect.hpp"
#include "client/request_encoder.hpp"

using namespace braid;
using namespace braid::http;

namespace {

std::string encoded(const request& what, client_options options = {}, bool credentials = true) {
  std::string out;
  request_encoder(options).head(out, what, credentials);
  return out;
}

client_options bare() {
  client_options out;
  out.user_agent.clear();
  out.decompress = false;
  return out;
}

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

}  // namespace

TEST_CASE("a request's head is what a server expects") {
  CHECK(encoded(request("GET", "http://h/p?q=1#f"), bare()) == "GET /p?q=1 HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n");
  CHECK(encoded(request("GET", "http://h:8080")).starts_with("GET / HTTP/1.1\r\nHost: h:8080\r\n"));
  const std::string text = encoded(request("GET", "http://h/"));
  CHECK(has(text, "\r\nUser-Agent: braid/"));
  CHECK(has(text, "\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"));
}

TEST_CASE("a body brings its length, and POST has one even without") {
  CHECK(has(encoded(request("POST", "http://h/").body("abc", "text/plain")), "Content-Type: text/plain\r\n"));
  CHECK(has(encoded(request("POST", "http://h/").body("abc")), "Content-Length: 3\r\n"));
  CHECK(has(encoded(request("POST", "http://h/")), "Content-Length: 0\r\n"));
  CHECK(has(encoded(request("GET", "http://h/").body("")), "Content-Length: 0\r\n"));
  CHECK_FALSE(has(encoded(request("DELETE", "http://h/")), "Content-Length"));
  const auto source = []() -> boost::asio::awaitable<std::string> { co_return std::string(); };
  CHECK(has(encoded(request("PUT", "http://h/").stream(source)), "Transfer-Encoding: chunked\r\n"));
  CHECK(has(encoded(request("PUT", "http://h/").stream(source, 7)), "Content-Length: 7\r\n"));
}

TEST_CASE("helpers write queries, forms, JSON and credentials") {
  CHECK(request("GET", "http://h/?a=1").query("b c", "d&e").query("f", "").url().query() == "a=1&b+c=d%26e&f=");
  const request form = request("POST", "http://h/").form({{"a", "1 2"}, {"b", "\xC3\xA9"}});
  CHECK(form.body() == "a=1+2&b=%C3%A9");
  CHECK(form.fields().get("content-type") == "application/x-www-form-urlencoded");
  const request json = request("POST", "http://h/").json(nlohmann::json{{"a", 1}});
  CHECK(json.body() == "{\"a\":1}");
  CHECK(has(encoded(request("GET", "http://h/").basic_auth("Aladdin", "open sesame")),
            "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
  CHECK(has(encoded(request("GET", "http://us%65r:p%40ss@h/")), "Authorization: Basic dXNlcjpwQHNz\r\n"));
  CHECK(has(encoded(request("GET", "http://h/").bearer("t")), "Authorization: Bearer t\r\n"));
}

TEST_CASE("what could smuggle is refused before anything is sent", "[curl-cve]") {
  CHECK_THROWS_AS(request("GE T", "http://h/"), invalid_argument);
  CHECK_THROWS_AS(request("GET\r\n", "http://h/"), invalid_argument);
  CHECK_THROWS_AS(request("", "http://h/"), invalid_argument);
  CHECK_THROWS_AS(request("CONNECT", "http://h/"), invalid_argument);
  CHECK_THROWS_AS(request("GET", "ftp://h/"), invalid_url);
  CHECK_THROWS_AS(request("GET", "no url"), invalid_url);
  request one("GET", "http://h/");
  CHECK_THROWS_AS(one.header("A", "b\r\nC: d"), invalid_argument);
  CHECK_THROWS_AS(one.header("A\r\nB", "c"), invalid_argument);
  CHECK_THROWS_AS(one.header("content-length", "5"), invalid_argument);
  CHECK_THROWS_AS(one.header("Transfer-Encoding", "chunked"), invalid_argument);
  CHECK(has(encoded(request("GET", "http://h/a b\nc?d\r\ne")), "GET /a%20bc?de HTTP/1.1\r\n"));
}

TEST_CASE("a request's own fields stand instead of the client's") {
  client_options options;
  options.default_headers.add("X", "default").add("Accept", "text/html");
  options.default_headers.add("Authorization", "secret");
  const std::string own = encoded(request("GET", "http://h/").header("x", "own").header("Host", "other"), options);
  CHECK(has(own, "x: own\r\n"));
  CHECK_FALSE(has(own, "X: default"));
  CHECK(has(own, "Accept: text/html\r\n"));
  CHECK(own.starts_with("GET / HTTP/1.1\r\nHost: other\r\n"));
  CHECK(has(own, "Authorization: secret"));
  CHECK_FALSE(has(encoded(request("GET", "http://h/"), options, false), "secret"));
}

TEST_CASE("redirects are understood as browsers do") {
  const url from = url::parse("https://h/a/b");
  const auto step = [&](int status, std::string_view method, std::string_view location) {
    headers fields;
    if (!location.empty()) fields.add("Location", location);
    return redirect_of(status, fields, method, from);
  };
  CHECK_FALSE(step(200, "GET", "/x"));
  CHECK_FALSE(step(304, "GET", "/x"));
  CHECK_FALSE(step(302, "GET", ""));
  CHECK(step(301, "GET", "c?d")->target.str() == "https://h/a/c?d");
  CHECK(step(301, "POST", "/x")->becomes_get);
  CHECK(step(302, "POST", "/x")->becomes_get);
  CHECK_FALSE(step(301, "PUT", "/x")->becomes_get);
  CHECK(step(303, "PUT", "/x")->becomes_get);
  CHECK_FALSE(step(303, "HEAD", "/x")->becomes_get);
  CHECK_FALSE(step(307, "POST", "/x")->becomes_get);
  CHECK_FALSE(step(308, "POST", "/x")->becomes_get);
  CHECK_FALSE(step(302, "GET", "https://h:443/x")->changes_origin);
  CHECK(step(302, "GET", "http://h/x")->changes_origin);
  CHECK(step(302, "GET", "//g/x")->changes_origin);
  CHECK(step(302, "GET", "https://h:444/")->changes_origin);
  CHECK_THROWS_AS(step(302, "GET", "http://a b/"), redirect_error);
  CHECK_THROWS_AS(step(302, "GET", "file:///etc/passwd"), redirect_error);
  CHECK_THROWS_AS(step(302, "GET", "ws://h/"), redirect_error);
}
