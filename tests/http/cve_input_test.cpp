// Classes of curl's advisories: bytes that break out of their place, or make memory or parsers overflow.
#include <set>

#include "client_fixture.hpp"

#include <braid/core/percent.hpp>
#include <braid/http/cookies.hpp>
#include <braid/http/digest.hpp>
#include <braid/http/multipart.hpp>
#include <braid/http/netrc.hpp>

using namespace client_tests;

TEST_CASE("cve: a URL's host holds no separators however they are written", "[curl-cve]") {
  for (const char* bad :
       {"http://a%2fb/", "http://a%2Fetc@h%2f/", "http://a%00b/", "http://a%0d%0ab/", "http://a%40b/", "http://a%3ab/",
        "http://a%23b/", "http://a b/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/"}) {
    CAPTURE(bad);
    CHECK_FALSE(url::try_parse(bad).has_value());
  }
  CHECK(url::parse("http://example.com#@evil.com/x").host() == "example.com");
  CHECK(url::parse("http://example.com\\@evil.com/").host() == "example.com");
  CHECK(url::parse("http://a@b@c/").host() == "c");
}

TEST_CASE("cve: names are encoded by the present IDNA and look-alike dots are dots", "[curl-cve]") {
  CHECK(url::parse("http://fa\xC3\x9F.de/").host() == "xn--fa-hia.de");
  CHECK(url::parse("http://a\xE3\x80\x82"
                   "de/")
            .host() == "a.de");
  CHECK(url::parse("http://\xEF\xBC\xA5vil.de/").host() == "evil.de");
}

TEST_CASE("cve: URLs of any length are parsed or refused", "[curl-cve]") {
  for (const std::size_t size : {100u, 255u, 256u, 65'535u, 65'536u, 1'000'000u}) {
    const std::string much(size, 'a');
    for (const std::string& text :
         {"http://" + much + "/", "http://h/" + much, "http://h/?" + much, "http://h/#" + much,
          "http://" + much + "@h/", "http://u:" + much + "@h/", much + "://h/",
          "http://h:" + std::string(size, '1') + "/", "http://[" + std::string(size, ':') + "]/"}) {
      const auto got = url::try_parse(text);
      if (got) CHECK(url::parse(got->str()) == *got);
    }
  }
}

TEST_CASE("cve: escapes of any number and place are undone within their bytes", "[curl-cve]") {
  for (const char* text : {"%", "%4", "%4x", "%%%", "a%", "%00%00%ff", "%zz%41%"})
    CHECK(percent_decode(text).size() <= 8);
  const std::string much(3'000'000, '%');
  CHECK(percent_decode(much).size() == much.size());
  CHECK(percent_encode(std::string(1'000'000, '\xff')).size() == 3'000'000);
}

TEST_CASE("cve: line ends in a target or a header or a method are refused before a byte is sent", "[curl-cve]") {
  for (const char* bad : {"a\r\nX: y", "a\nX: y", "a\rb"}) {
    CHECK_THROWS_AS(http::request("GET", "http://h/").header("X", bad), invalid_argument);
    CHECK_THROWS_AS(http::request("GET", "http://h/").header(bad, "x"), invalid_argument);
    CHECK_THROWS_AS(http::request(bad, "http://h/"), invalid_argument);
    CHECK_THROWS_AS(http::request("GET", "http://h/").bearer(bad), invalid_argument);
    CHECK_THROWS_AS(http::request("POST", "http://h/").body("x", bad), invalid_argument);
    const auto target = url::try_parse("http://h/" + std::string(bad));
    if (target) CHECK(target->target().find_first_of("\r\n ") == std::string_view::npos);
    const http::request what = http::request("GET", "http://h/").query(bad, bad);
    CHECK(what.url().target().find_first_of("\r\n ") == std::string_view::npos);
    const http::request signs = http::request("GET", "http://h/").basic_auth("user", bad);
    CHECK(signs.fields().get("Authorization").value_or("").find_first_of("\r\n") == std::string_view::npos);
  }
}

TEST_CASE("cve: names in a form stay in their quotes", "[curl-cve]") {
  http::multipart_form form("b");
  form.field("a\"\r\nX: y\r\n\r\n--b--", "v");
  const std::string expected =
      "--b\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: y%0D%0A%0D%0A--b--\"\r\n\r\nv";
  CHECK(form.length() == expected.size() + std::string_view("\r\n--b--\r\n").size());
}

TEST_CASE("cve: a header without end ends at its limit in memory too", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    std::size_t sent = 0;
    peer.always([&](wire& w) -> awaitable<void> {
      co_await w.read_request();
      std::string next = "HTTP/1.1 200 OK\r\n";
      while (w.stream().is_open() && sent < 10'000'000) {
        sent += next.size();
        co_await w.send(std::move(next));
        next = "X-" + std::to_string(sent) + ": " + std::string(1000, 'x') + "\r\n";
        co_await sleep_for(1ms);
        if (!w.stream().is_quiet()) break;
      }
    });
    http::client client = client_of(peer);
    const std::string got = co_await outcome_of(client.get("http://h/"));
    CHECK(got.starts_with("limit_exceeded: "));
    CHECK(sent < 200'000);
  });
}

TEST_CASE("cve: chains of content codings are short however they are listed", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    std::string one_field = "gzip", many_fields = "Content-Encoding: gzip\r\n";
    for (int i = 0; i < 20; ++i) {
      one_field += ", gzip";
      many_fields += "Content-Encoding: gzip\r\n";
    }
    const std::vector<std::string> both{"Content-Encoding: " + one_field + "\r\n", many_fields};
    for (const std::string& fields : both) {
      scripted_peer peer;
      peer.always(answers(ok("x", fields)));
      http::client client = client_of(peer);
      const std::string got = co_await outcome_of(client.get("http://h/"));
      CHECK(got.find("too many content codings") != got.npos);
    }
  });
}

TEST_CASE("cve: chunks and trailers are bounded and their sizes never overflow", "[curl-cve]") {
  run_virtual([]() -> awaitable<void> {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::vector<std::string> bodies{"ffffffffffffffffff\r\nx",
                                          "-1\r\nx",
                                          "10000000000000000\r\nx",
                                          "0x5\r\nhello",
                                          "5 5\r\nhello",
                                          "1;" + std::string(100'000, 'e') + "\r\nx\r\n0\r\n\r\n",
                                          "0\r\nT: " + std::string(100'000, 't') + "\r\n\r\n"};
    for (const std::string& body : bodies) {
      scripted_peer peer;
      peer.always(answers_and_closes(head + body));
      http::client client = client_of(peer);
      const std::string got = co_await outcome_of(client.get("http://h/"));
      CHECK(got.find(": GET http://h/: ") != got.npos);
      const std::string pool = co_await pool_of(client);
      CHECK(pool == clean);
    }
  });
}

TEST_CASE("cve: netrc files that end anywhere are read within their bytes", "[curl-cve]") {
  const std::string text = "machine h login \"a\\n\\\"b\" password p\nmacdef x\nls\n\ndefault login d password e";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    try {
      const auto got = http::find_netrc(std::string(text, 0, size), "h");
      if (got) CHECK(got->password.size() <= 1);
    } catch (const invalid_argument&) {
    }
  }
}

TEST_CASE("cve: netrc gives nobody another login's password", "[curl-cve]") {
  const char* const text = "machine h login one password secret\nmachine i login two\ndefault login d password e\n";
  CHECK_FALSE(http::find_netrc(text, "h", "other"));
  const auto bare = http::find_netrc(text, "i");
  REQUIRE(bare);
  CHECK(bare->password.empty());
}

TEST_CASE("cve: dates of cookies and responses are read within their bytes", "[curl-cve]") {
  const std::string text = "Sun, 06 Nov 1994 08:49:37 GMT";
  for (std::size_t size = 0; size <= text.size(); ++size) http::parse_cookie_date(text.substr(0, size));
  for (const char* odd : {"99999999999999999999", "0000000000:00:00", ":::::", "1994-11-06T08:49:37.5Z", "-1 Jan -1"}) {
    CHECK_FALSE(http::parse_cookie_date(odd));
  }
}

TEST_CASE("cve: what has to be random is", "[curl-cve]") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(http::random_cnonce());
    seen.insert(http::multipart_form().boundary());
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("cve: challenges and credentials of any length are answered within their bytes", "[curl-cve]") {
  const std::string much(100'000, 'x');
  const std::vector<std::string> texts{"Digest nonce=\"" + much + "\", realm=\"" + much + "\", qop=auth",
                                       "Basic " + much, "Digest nonce=\"\\", "Negotiate " + much + "====", much};
  for (const std::string& text : texts) {
    for (const http::auth_challenge& one : http::parse_challenges(text)) {
      const auto wanted = http::digest_challenge::of(one);
      if (wanted) CHECK(wanted->answer({much, much}, "GET", "/" + much, much, 1).size() < 700'000);
    }
  }
  CHECK(http::request("GET", "http://h/").basic_auth(much, much).fields().get("Authorization")->size() > 200'000);
}
