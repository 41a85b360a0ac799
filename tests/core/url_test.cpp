#include <braid/core/error.hpp>
#include <braid/core/url.hpp>

#include <catch2/catch.hpp>

using namespace braid;

TEST_CASE("a URL falls into its parts") {
  const auto u = url::parse("HTTPS://user:p%40ss@Example.ORG:8443/a/b?q=1&r=2#top");
  CHECK(u.scheme() == "https");
  CHECK(u.user() == "user");
  CHECK(u.password() == "p%40ss");
  CHECK(u.host() == "example.org");
  CHECK(u.port() == 8443);
  CHECK(u.authority() == "example.org:8443");
  CHECK(u.path() == "/a/b");
  CHECK(u.query() == "q=1&r=2");
  CHECK(u.fragment() == "top");
  CHECK(u.target() == "/a/b?q=1&r=2");
  CHECK(u.origin() == "https://example.org:8443");
  CHECK(u.is_secure());
  CHECK(u.without_secrets().str() == "https://example.org:8443/a/b?q=1&r=2");
}

TEST_CASE("the scheme's own port is left out of the text and known all the same") {
  const auto u = url::parse("http://h:80");
  CHECK(u.str() == "http://h/");
  CHECK(u.port() == 80);
  CHECK(u.authority() == "h");
  CHECK(u.origin() == "http://h:80");
}

TEST_CASE("what may not stand in a request line is encoded") {
  const auto u = url::parse(" http://h/a b\"<>\xC3\xA9?q=x y'\r\n ");
  CHECK(u.target() == "/a%20b%22%3C%3E%C3%A9?q=x%20y%27");
}

TEST_CASE("references resolve as a browser resolves them") {
  const auto base = url::parse("http://a/b/c/d?q#f");
  const auto resolved = [&](std::string_view reference) { return std::string(base.resolve(reference).str()); };
  CHECK(resolved("g") == "http://a/b/c/g");
  CHECK(resolved("./g/") == "http://a/b/c/g/");
  CHECK(resolved("../../../g") == "http://a/g");
  CHECK(resolved("/g") == "http://a/g");
  CHECK(resolved("//g") == "http://g/");
  CHECK(resolved("?y") == "http://a/b/c/d?y");
  CHECK(resolved("#s") == "http://a/b/c/d?q#s");
  CHECK(resolved("") == "http://a/b/c/d?q");
  CHECK(resolved("https://other/x") == "https://other/x");
  CHECK_THROWS_AS(base.resolve("javascript:alert(1)"), invalid_url);
}

TEST_CASE("the query can be replaced") {
  const auto u = url::parse("http://h/p?old#f");
  CHECK(u.with_query("new=1").str() == "http://h/p?new=1#f");
  CHECK(u.with_query("").str() == "http://h/p#f");
}

TEST_CASE("a bad URL is refused with the reason") {
  const auto message = [](std::string_view text) {
    try {
      url::parse(text);
      return std::string("accepted");
    } catch (const invalid_url& e) {
      return std::string(e.what());
    }
  };
  CHECK(message("example.org") == "invalid URL \"example.org\": no scheme such as http://");
  CHECK(message("gopher://h/") == "invalid URL \"gopher://h/\": the scheme is none that braid speaks");
  CHECK(message("http://h:99999/") == "invalid URL \"http://h:99999/\": the port is over 65535");
  CHECK(message("http://h:8o/") == "invalid URL \"http://h:8o/\": the port is no number");
  CHECK(message("http://") == "invalid URL \"http://\": the host is empty");
  CHECK(message("http://[::1/") == "invalid URL \"http://[::1/\": the IPv6 address is malformed");
  CHECK(message("http://300.1.1.1/") ==
        "invalid URL \"http://300.1.1.1/\": the host looks like an IPv4 address and is none");
  CHECK(message("http://a b/") == "invalid URL \"http://a b/\": the host has a character that no host may have");
}

TEST_CASE("the short way for clean URLs and the full parser agree") {
  const auto base = url::parse("http://base.example/");  // resolve() always takes the full parser
  for (const std::string text : {"http://a/",
                                 "https://a.b.example/",
                                 "http://127.0.0.1:8080/x",
                                 "http://1.2.3.4/",
                                 "http://01.2.3.4/",
                                 "http://1.2.3.4.5/",
                                 "http://256.1.1.1/",
                                 "http://1.2.3/",
                                 "http://0x7f.1/",
                                 "http://a.0x/",
                                 "http://a.1/",
                                 "http://a.1b/",
                                 "http://1a.b/",
                                 "http://a-b.c/",
                                 "http://-a.b/",
                                 "http://a-.b/",
                                 "http://a.b-/",
                                 "http://xn--a/",
                                 "http://xn--bcher-kva.example/",
                                 "http://a--b/",
                                 "http://a..b/",
                                 "http://a./",
                                 "http://.a/",
                                 "http://A/",
                                 "http://a_b/",
                                 "http://a:80/",
                                 "http://a:443/",
                                 "https://a:443/",
                                 "https://a:80/",
                                 "http://a:080/",
                                 "http://a:65535/",
                                 "http://a:65536/",
                                 "http://a:123456/",
                                 "http://a:/",
                                 "http://a:0/",
                                 "http://a",
                                 "http://a?q",
                                 "http://a#f",
                                 "http://a/#f",
                                 "http://a/p#f",
                                 "http://a/?",
                                 "http://a/?q=1&r=%20+'",
                                 "http://a/?q=\"",
                                 "http://a/?#",
                                 "http://a/./b",
                                 "http://a/../b",
                                 "http://a/b/.",
                                 "http://a/b/..",
                                 "http://a/.b",
                                 "http://a/b.c/d.",
                                 "http://a/%2e%2e/b",
                                 "http://a/%41",
                                 "http://a/b\\c",
                                 "http://a/b c",
                                 "http://a/b|c",
                                 "http://a/{b}",
                                 "http://a/b;c=d,e@f:g!h$i&j'k(l)m*n+o~p",
                                 "http://a//b//c",
                                 "http://u@a/",
                                 "http://u:p@a/",
                                 "http:/a/",
                                 "http:a/",
                                 "http:///a/",
                                 "httpx://a/",
                                 "https:/a",
                                 " http://a/",
                                 "http://a/ ",
                                 "http://\xC3\xA9.b/",
                                 "http://a/\xC3\xA9"}) {
    INFO(text);
    std::optional<url> full;
    try {
      full = base.resolve(text);
    } catch (const invalid_url&) {
    }
    if (text == "http:a/" || text == "http:/a/" || text == "http:///a/") continue;  // mean something else on a page
    const auto quick = url::try_parse(text);
    REQUIRE(quick.has_value() == full.has_value());
    if (!full) continue;
    CHECK(quick->str() == full->str());
    CHECK(quick->scheme() == full->scheme());
    CHECK(quick->host() == full->host());
    CHECK(quick->port() == full->port());
    CHECK(quick->authority() == full->authority());
    CHECK(quick->path() == full->path());
    CHECK(quick->query() == full->query());
    CHECK(quick->fragment() == full->fragment());
    CHECK(quick->target() == full->target());
    CHECK(quick->user() == full->user());
    CHECK(quick->has_credentials() == full->has_credentials());
  }
}

TEST_CASE("a host that ends in a number is a name where the caller says so", "[url]") {
  for (const char* text : {"http://test.287/", "http://1.2.3.400:81/x", "http://a.b.0x1g2/", "http://127.0.0.1.5/?q"}) {
    INFO(text);
    const bool refused = !url::try_parse(text);
    const auto named = url::try_parse(text, numeric_hosts::names);
    REQUIRE(named);
    CHECK(named->str() == text);
    CHECK(refused == (std::string_view(text).find("0x1g2") == std::string_view::npos));
  }
  // An address stays one, whatever its spelling.
  CHECK(url::parse("http://0x7f.1/", numeric_hosts::names).host() == "127.0.0.1");
  CHECK(url::parse("http://1.2.3.4/", numeric_hosts::names).host() == "1.2.3.4");
  const url page = url::parse("http://test.287/a", numeric_hosts::names);
  CHECK(page.resolve("b").str() == "http://test.287/b");
  CHECK(page.resolve("http://other.9/").host() == "other.9");
  CHECK(page.with_query("x=1").str() == "http://test.287/a?x=1");
  CHECK(page.without_secrets() == page);
  CHECK(url::parse("http://plain.example/a", numeric_hosts::names).resolve("//test.7/").host() == "test.7");
}
