#include <braid/http/cookies.hpp>

#include <catch2/catch.hpp>

using namespace braid;
using namespace std::chrono_literals;
using http::cookie_jar;

namespace {

const wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);
const url site = url::parse("https://www.example.com/shop/cart");

std::string after(std::string_view field, const url& from = site, const url& to = site) {
  cookie_jar jar;
  jar.store(from, field, now);
  return jar.header_for(to, now);
}

bool accepts(std::string_view field, std::string_view from) {
  cookie_jar jar;
  return jar.store(url::parse(from), field, now);
}

}  // namespace

TEST_CASE("a Set-Cookie field is taken apart with all its attributes") {
  const auto got = http::parse_set_cookie(
      "a = b=c ; Domain=.Example.COM; path=/x; Max-Age=-7; Expires=Wed, 09 Jun 2021 10:18:14 GMT; SECURE; HttpOnly; "
      "samesite=lAx");
  REQUIRE(got);
  CHECK(got->name == "a");
  CHECK(got->value == "b=c");
  CHECK(got->domain == "example.com");
  CHECK(got->path == "/x");
  CHECK(got->max_age == -7s);
  CHECK(got->expires == wall_time(std::chrono::seconds(1623233894)));
  CHECK(got->secure);
  CHECK(got->http_only);
  CHECK(got->site == http::same_site::lax);
}

TEST_CASE("a Set-Cookie field without a name or with control bytes is ignored") {
  CHECK_FALSE(http::parse_set_cookie("novalue"));
  CHECK_FALSE(http::parse_set_cookie("=value"));
  CHECK_FALSE(http::parse_set_cookie(std::string_view("a=b\0c", 5)));
  CHECK_FALSE(http::parse_set_cookie("a=b; path=/\x01"));
  CHECK(http::parse_set_cookie("a=b\tc"));
}

TEST_CASE("attributes over 1024 bytes and Max-Age that is no number are as if they were not there") {
  const auto got = http::parse_set_cookie("a=b; Max-Age=1x; Max-Age=; Max-Age=-; Path=/" + std::string(1024, 'p'));
  REQUIRE(got);
  CHECK_FALSE(got->max_age);
  CHECK_FALSE(got->path);
}

TEST_CASE("a date without its day in the calendar is no date") {
  CHECK_FALSE(http::parse_cookie_date("30 Feb 2026 10:00:00"));
  CHECK(http::parse_cookie_date("29 Feb 2024 10:00:00"));
  CHECK(http::parse_cookie_date("31 Dec 9999 23:59:59") > now);
}

TEST_CASE("domains match whole labels of names and never of addresses") {
  CHECK(http::domain_matches("a.example.com", "example.com"));
  CHECK_FALSE(http::domain_matches("badexample.com", "example.com"));
  CHECK_FALSE(http::domain_matches("example.com", "a.example.com"));
  CHECK_FALSE(http::domain_matches("10.0.0.1", "0.1"));
  CHECK(http::domain_matches("10.0.0.1", "10.0.0.1"));
}

TEST_CASE("paths match whole segments") {
  CHECK(http::path_matches("/a/b", "/a"));
  CHECK(http::path_matches("/a/b", "/a/"));
  CHECK(http::path_matches("/a", "/a"));
  CHECK_FALSE(http::path_matches("/ab", "/a"));
  CHECK_FALSE(http::path_matches("/a", "/a/"));
}

TEST_CASE("a cookie for a public suffix is refused unless the host is the suffix") {
  CHECK_FALSE(accepts("a=b; domain=com", "https://example.com/"));
  CHECK_FALSE(accepts("a=b; domain=co.uk", "https://example.co.uk/"));
  CHECK_FALSE(accepts("a=b; domain=github.io", "https://me.github.io/"));
  CHECK(after("a=b; domain=github.io", url::parse("https://github.io/"), url::parse("https://github.io/")) == "a=b");
  CHECK(after("a=b; domain=github.io", url::parse("https://github.io/"), url::parse("https://me.github.io/")).empty());
  CHECK(accepts("a=b; domain=example.co.uk", "https://www.example.co.uk/"));
}

TEST_CASE("a cookie for somebody else's domain or address is refused") {
  CHECK_FALSE(accepts("a=b; domain=example.org", "https://example.com/"));
  CHECK_FALSE(accepts("a=b; domain=x.example.com", "https://example.com/"));
  CHECK_FALSE(accepts("a=b; domain=0.0.1", "http://127.0.0.1/"));
  CHECK(accepts("a=b; domain=127.0.0.1", "http://127.0.0.1/"));
  CHECK(accepts("a=b", "http://[::1]/"));
}

TEST_CASE("a domain may be written in Unicode") {
  const url host = url::parse(
      "https://www.b\xC3\xBC"
      "cher.example/");
  CHECK(after("a=b; domain=b\xC3\xBC"
              "cher.example",
              host, url::parse("https://xn--bcher-kva.example/")) == "a=b");
}

TEST_CASE("Secure cookies are set and sent over TLS only, or to this machine", "[curl-cve]") {
  const url plain = url::parse("http://www.example.com/");
  CHECK_FALSE(accepts("a=b; Secure", "http://www.example.com/"));
  CHECK(after("a=b; Secure; path=/", site, plain).empty());
  CHECK(after("a=b; Secure; path=/", site, site) == "a=b");
  CHECK(accepts("a=b; Secure", "http://localhost:8080/"));
}

TEST_CASE("an insecure response cannot stand before a Secure cookie", "[curl-cve]") {
  cookie_jar jar;
  CHECK(jar.store(site, "a=good; Secure; path=/; domain=example.com", now));
  const url plain = url::parse("http://www.example.com/");
  CHECK_FALSE(jar.store(plain, "a=evil; path=/", now));
  CHECK_FALSE(jar.store(plain, "a=evil; path=/deeper", now));
  CHECK(jar.store(plain, "b=other; path=/", now));
  CHECK(jar.header_for(site, now) == "a=good; b=other");
}

TEST_CASE("SameSite=None without Secure is refused") {
  CHECK_FALSE(accepts("a=b; SameSite=None", "https://example.com/"));
  CHECK(accepts("a=b; SameSite=None; Secure", "https://example.com/"));
  CHECK(accepts("a=b; SameSite=Strict", "http://example.com/"));
}

TEST_CASE("names with a prefix keep its promise") {
  CHECK(accepts("__Secure-a=b; Secure", "https://example.com/"));
  CHECK_FALSE(accepts("__secure-a=b", "https://example.com/"));
  CHECK(accepts("__Host-a=b; Secure; Path=/", "https://example.com/"));
  CHECK_FALSE(accepts("__Host-a=b; Secure", "https://example.com/"));
  CHECK_FALSE(accepts("__HOST-a=b; Secure; Path=/x", "https://example.com/"));
  CHECK_FALSE(accepts("__Host-a=b; Secure; Path=/; Domain=example.com", "https://example.com/"));
  CHECK_FALSE(accepts("__Host-a=b; Path=/", "https://example.com/"));
}

TEST_CASE("cookies end at their time and no later than the jar allows") {
  cookie_jar jar;
  jar.store(site, "a=1; Max-Age=60; Expires=Wed, 09 Jun 2021 10:18:14 GMT", now);
  jar.store(site, "b=2; Expires=Fri, 01 Jan 2100 00:00:00 GMT", now);
  jar.store(site, "c=3; Max-Age=99999999999999999999", now);
  jar.store(site, "d=4", now);
  CHECK(jar.header_for(site, now + 59s) == "a=1; b=2; c=3; d=4");
  CHECK(jar.header_for(site, now + 60s) == "b=2; c=3; d=4");
  CHECK(jar.header_for(site, now + 9600h) == "d=4");
  CHECK(jar.cookies(now + 9600h).size() == 1);
}

TEST_CASE("a cookie is replaced in its place and removed by one that has expired") {
  cookie_jar jar;
  jar.store(site, "a=1", now);
  jar.store(site, "b=2", now + 1s);
  jar.store(site, "a=3", now + 2s);
  CHECK(jar.header_for(site, now + 2s) == "a=3; b=2");
  CHECK(jar.cookies(now + 2s)[0].created == now);
  jar.store(site, "a=; Max-Age=0", now + 3s);
  CHECK(jar.header_for(site, now + 3s) == "b=2");
  CHECK(jar.size() == 1);
}

TEST_CASE("a jar copied is a jar of its own") {
  cookie_jar jar;
  jar.store(site, "a=1", now);
  cookie_jar copy(jar);
  copy.store(site, "b=2", now);
  CHECK(jar.header_for(site, now) == "a=1");
  jar = copy;
  CHECK(jar.header_for(site, now) == "a=1; b=2");
  jar.clear();
  CHECK(jar.size() == 0);
  CHECK(copy.size() == 2);
}

TEST_CASE("a full domain gives up what is not Secure and was not used for longest") {
  http::cookie_limits limits;
  limits.per_domain = 2;
  cookie_jar jar(limits);
  jar.store(site, "old=1; Secure; path=/", now);
  jar.store(site, "used=2; path=/a", now + 1s);
  jar.store(url::parse("https://other.example.com/"), "elsewhere=1", now);
  jar.store(site, "fresh=3; path=/", now + 2s);
  CHECK(jar.header_for(site, now + 3s) == "old=1; fresh=3");
  CHECK(jar.size() == 3);
}

TEST_CASE("a full jar gives up what has expired and then what was not used for longest") {
  http::cookie_limits limits;
  limits.total = 2;
  cookie_jar jar(limits);
  const url a = url::parse("https://a.example/"), b = url::parse("https://b.example/"),
            c = url::parse("https://c.example/");
  jar.store(a, "a=1", now);
  jar.store(b, "b=1", now + 1s);
  CHECK(jar.header_for(a, now + 2s) == "a=1");
  jar.store(c, "c=1", now + 3s);
  CHECK(jar.header_for(b, now + 4s).empty());
  CHECK(jar.header_for(a, now + 4s) == "a=1");
  CHECK(jar.header_for(c, now + 4s) == "c=1");
}

TEST_CASE("cookies that are too large are refused and those that do not fit stay behind") {
  http::cookie_limits limits;
  limits.header_bytes = 20;
  cookie_jar jar(limits);
  CHECK_FALSE(jar.store(site, "a=" + std::string(4096, 'x'), now));
  jar.store(site, "first=0123456789", now);
  jar.store(site, "second=0123456789", now);
  jar.store(site, "c=1", now);
  CHECK(jar.header_for(site, now) == "first=0123456789");
  limits.header_bytes = 21 + 3;
  cookie_jar wider(limits);
  wider.store(site, "first=0123456789", now);
  wider.store(site, "c=1", now);
  CHECK(wider.header_for(site, now) == "first=0123456789; c=1");
}

TEST_CASE("the end of a session takes the cookies without a date") {
  cookie_jar jar;
  jar.store(site, "a=1", now);
  jar.store(site, "b=2; Max-Age=60", now);
  jar.end_session();
  CHECK(jar.header_for(site, now) == "b=2");
}

TEST_CASE("a cookie that a program adds obeys the rules of a response") {
  cookie_jar jar;
  http::cookie one;
  one.name = "a";
  one.value = "b";
  one.domain = "WWW.Example.com";
  CHECK(jar.add(one, now));
  CHECK(jar.header_for(site, now) == "a=b");
  http::cookie wrong = one;
  wrong.value = "b\r\nX: y";
  CHECK_FALSE(jar.add(wrong, now));
  wrong = one;
  wrong.domain = "com";
  wrong.host_only = false;
  CHECK_FALSE(jar.add(wrong, now));
  wrong = one;
  wrong.value = "b; c=d";
  CHECK_FALSE(jar.add(wrong, now));
}
