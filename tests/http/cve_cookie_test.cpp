// Classes of curl's advisories: cookies that reach whom they were not for, or too many.
#include <catch2/catch.hpp>

#include <braid/core/url.hpp>
#include <braid/http/cookies.hpp>

using namespace braid;

namespace {

const wall_time now = wall_time(std::chrono::hours(490'000));

/// The Cookie field for `to` after a response from `from`.
std::string after(std::string_view field, std::string_view from, std::string_view to) {
  http::cookie_jar jar;
  jar.store(url::parse(from), field, now);
  return jar.header_for(url::parse(to), now);
}

}  // namespace

TEST_CASE("cve: no cookie for a public suffix in any spelling", "[curl-cve]") {
  for (const char* domain : {"co.uk", "CO.UK", "Co.uk", ".co.uk", "co.uk.", ".CO.UK.", "uk", "uk.", "UK", ".uk", "."}) {
    CAPTURE(domain);
    for (const char* from : {"https://evil.co.uk/", "https://EVIL.co.UK/", "https://evil.co.uk./"}) {
      const std::string field = "a=b; path=/; domain=" + std::string(domain);
      CHECK(after(field, from, "https://bank.co.uk/").empty());
      CHECK(after(field, from, "https://bank.co.uk./").empty());
      CHECK(after(field, from, "https://co.uk/").empty());
    }
  }
}

TEST_CASE("cve: a host with a dot at its end is another host", "[curl-cve]") {
  CHECK(after("a=b", "https://example.com./", "https://example.com/").empty());
  CHECK(after("a=b", "https://example.com/", "https://example.com./").empty());
  CHECK(after("a=b; domain=example.com", "https://example.com./", "https://www.example.com/").empty());
}

TEST_CASE("cve: a domain matches whole labels and an address only itself", "[curl-cve]") {
  CHECK(after("a=b; domain=ample.com", "https://example.com/", "https://ample.com/").empty());
  CHECK(after("a=b; domain=example.com", "https://example.com/", "https://notexample.com/").empty());
  CHECK(after("a=b; domain=0.0.1", "http://127.0.0.1/", "http://10.0.0.1/").empty());
  CHECK(after("a=b; domain=.0.0.1", "http://127.0.0.1/", "http://10.0.0.1/").empty());
  CHECK(after("a=b; domain=1", "http://127.0.0.1/", "http://10.0.0.1/").empty());
  CHECK(after("a=b; domain=", "http://example.com/", "http://www.example.com/").empty());
  CHECK(after("a=b", "https://example.com/", "https://example.co/").empty());
}

TEST_CASE("cve: control bytes in a cookie never reach a request", "[curl-cve]") {
  for (int c = 0; c < 32; ++c) {
    if (c == '\t') continue;
    for (const std::string& field :
         {"a=b" + std::string(1, static_cast<char>(c)) + "c", "a" + std::string(1, static_cast<char>(c)) + "x=c"}) {
      CHECK(after(field, "https://example.com/", "https://example.com/").empty());
    }
  }
  CHECK(after("a=b\x7f", "https://example.com/", "https://example.com/").empty());
}

TEST_CASE("cve: a server cannot make requests too large by its cookies", "[curl-cve]") {
  http::cookie_jar jar;
  const url site = url::parse("https://example.com/");
  for (int i = 0; i < 1000; ++i) {
    jar.store(site, "n" + std::to_string(i) + "=" + std::string(4000, 'x'), now);
  }
  CHECK(jar.size() <= http::cookie_limits().per_domain);
  const std::string sent = jar.header_for(site, now);
  CHECK(sent.size() <= http::cookie_limits().header_bytes);
  CHECK_FALSE(sent.empty());
}

TEST_CASE("cve: paths of cookies in every odd form", "[curl-cve]") {
  for (const char* path : {"", "/", "//", "\"", "\"/\"", "\"/", "x", "/x/../", "/%2f", " / "}) {
    http::cookie_jar jar;
    jar.store(url::parse("http://example.com/"), "secure=1; Secure; path=/", now);
    jar.store(url::parse("https://example.com/a/b"), "a=b; path=" + std::string(path), now);
    jar.store(url::parse("http://example.com/"), "a=evil; path=" + std::string(path), now);
    CHECK(jar.header_for(url::parse("https://example.com/a/b"), now).size() < 100);
  }
}

TEST_CASE("cve: a cookie file is what its caller says and the word none names no file", "[curl-cve]") {
  http::cookie_jar jar;
  CHECK(jar.import_netscape("none", now) == 0);
  CHECK(jar.import_netscape(".com\tTRUE\t/\tFALSE\t0\ta\tb\n", now) == 0);
  CHECK(jar.import_netscape(std::string_view("\0\0\0\n\t\t\t\t\t\t\t\n", 11), now) == 0);
}
