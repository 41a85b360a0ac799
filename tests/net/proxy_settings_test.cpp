#include <braid/core/error.hpp>
#include <braid/net/address_range.hpp>
#include <braid/net/proxy_settings.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>

using braid::net::address_range;
using braid::net::endpoint;
using braid::net::matches_no_proxy;
using braid::net::proxy;
using braid::net::proxy_kind;
using braid::net::proxy_settings;

namespace {

using variables = std::map<std::string, std::string>;

proxy_settings from(const variables& set) {
  return proxy_settings::from_variables([&](const char* name) -> const char* {
    const auto found = set.find(name);
    return found == set.end() ? nullptr : found->second.c_str();
  });
}

/// The proxy for a URL's scheme and host; "" for none.
std::string chosen(const proxy_settings& settings, bool secure, std::string_view host = "example.org") {
  const proxy* const one = settings.choose(secure, host);
  return one ? one->str() : "";
}

}  // namespace

TEST_CASE("proxies are read as curl reads them") {
  struct row {
    const char* text;
    const char* plain;
    const char* user;
    const char* password;
  };
  const row rows[] = {
      {"proxy", "http://proxy:1080", "", ""},
      {"proxy:80", "http://proxy:80", "", ""},
      {"http://proxy:80/", "http://proxy:80", "", ""},
      {"http://proxy", "http://proxy:1080", "", ""},
      {"https://proxy", "https://proxy:443", "", ""},
      {"HTTPS://proxy:8443", "https://proxy:8443", "", ""},
      {"socks4://1.2.3.4", "socks4://1.2.3.4:1080", "", ""},
      {"socks4a://me@proxy:9", "socks4a://proxy:9", "me", ""},
      {"socks5://u:p@[::1]:9", "socks5://[::1]:9", "u", "p"},
      {"socks5h://[::1]", "socks5h://[::1]:1080", "", ""},
      {"http://us%65r:p%40ss@proxy:3128", "http://proxy:3128", "user", "p@ss"},
      {"u:p@proxy:3128", "http://proxy:3128", "u", "p"},
  };
  for (const row& one : rows) {
    CAPTURE(one.text);
    const proxy read = proxy::parse(one.text);
    CHECK(read.str() == one.plain);
    CHECK(read.user() == one.user);
    CHECK(read.password() == one.password);
  }
  CHECK(proxy::parse("Aladdin:open%20sesame@p").basic_authorization() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(proxy::parse("p").basic_authorization() == "");
}

TEST_CASE("what is no proxy is refused and its password not shown") {
  for (const char* bad : {"", "http://", "ftp://proxy", "http://us:secret@", "socks6://u:secret@proxy",
                          "http://u:secret@pro xy", "http://a%3ab:secret@proxy", "http://a%00b:secret@proxy"}) {
    CAPTURE(bad);
    std::string message;
    try {
      proxy::parse(bad);
    } catch (const braid::invalid_argument& failure) {
      message = failure.what();
    }
    CHECK(message != "");
    CHECK(message.find("secret") == message.npos);
  }
  CHECK_THROWS_AS(proxy::parse("socks5://p").credentials(std::string(256, 'u'), ""), braid::invalid_argument);
  CHECK_THROWS_AS(proxy::parse("socks5://p").credentials("u", std::string(256, 'p')), braid::invalid_argument);
}

TEST_CASE("proxies that differ in anything have different keys") {
  const std::string plain = proxy::parse("http://p:1").key();
  CHECK(plain == proxy::parse("p:1").key());
  for (const char* other : {"p:2", "q:1", "https://p:1", "socks5://p:1", "u@p:1", "u:v@p:1"}) {
    CHECK(plain != proxy::parse(other).key());
  }
  CHECK(proxy::parse("u:v@p").key() != proxy::parse("u:w@p").key());
  proxy one = proxy::parse("https://p");
  const std::string before = one.key();
  one.tls(braid::net::tls_options().verify(false));
  CHECK(one.key() != before);
}

TEST_CASE("environment variables choose proxies as with curl") {
  CHECK(from({}).empty());
  CHECK(from({{"no_proxy", "a"}}).empty());
  const proxy_settings by_scheme = from({{"http_proxy", "plain"}, {"https_proxy", "secure"}, {"all_proxy", "all"}});
  CHECK(chosen(by_scheme, false) == "http://plain:1080");
  CHECK(chosen(by_scheme, true) == "http://secure:1080");
  // A CGI program's HTTP_PROXY comes from whoever sends it a request.
  CHECK(from({{"HTTP_PROXY", "evil"}}).empty());
  CHECK(chosen(from({{"HTTPS_PROXY", "upper"}}), true) == "http://upper:1080");
  CHECK(chosen(from({{"HTTPS_PROXY", "upper"}}), false) == "");
  CHECK(chosen(from({{"HTTPS_PROXY", "upper"}, {"https_proxy", "lower"}}), true) == "http://lower:1080");
  CHECK(chosen(from({{"HTTPS_PROXY", "upper"}, {"https_proxy", ""}}), true) == "http://upper:1080");
  CHECK(chosen(from({{"ALL_PROXY", "socks5h://all"}}), false) == "socks5h://all:1080");
  CHECK(chosen(from({{"all_proxy", "a"}, {"NO_PROXY", "example.org"}}), false) == "");
  CHECK(chosen(from({{"all_proxy", "a"}, {"NO_PROXY", "example.org"}, {"no_proxy", "b"}}), false) == "http://a:1080");
  std::string message;
  try {
    from({{"https_proxy", "ftp://u:secret@x"}});
  } catch (const braid::invalid_argument& failure) {
    message = failure.what();
  }
  CHECK(message.starts_with("https_proxy: 'ftp://x' is no proxy"));
}

TEST_CASE("settings made by hand") {
  CHECK(proxy_settings().choose(true, "example.org") == nullptr);
  proxy_settings one(proxy::parse("p"));
  const proxy_settings copy = one;
  one.for_https(proxy::parse("s")).except("localhost");
  CHECK(chosen(one, false) == "http://p:1080");
  CHECK(chosen(one, true) == "http://s:1080");
  CHECK(chosen(one, true, "localhost") == "");
  CHECK(chosen(copy, true, "localhost") == "http://p:1080");
}

TEST_CASE("no_proxy matches as with curl") {
  struct row {
    const char* list;
    const char* host;
    bool direct;
  };
  const row rows[] = {
      {"*", "example.org", true},
      {"*", "::1", true},
      {"*,a", "example.org", false},
      {"", "example.org", false},
      {"example.org", "example.org", true},
      {"example.org", "EXAMPLE.org", true},
      {"Example.ORG", "www.example.org", true},
      {"example.org", "nonexample.org", false},
      {"www.example.org", "example.org", false},
      {".example.org", "www.example.org", true},
      {".example.org", "example.org", true},
      {"example.org.", "example.org", true},
      {"example.org", "example.org.", true},
      {"*.example.org", "www.example.org", false},
      {"a, b ,example.org", "example.org", true},
      {"a b example.org", "example.org", true},
      {",,,example.org,", "example.org", true},
      {".", "example.org", false},
      {"192.168.0.1", "192.168.0.1", true},
      {"192.168.0.1", "192.168.0.11", false},
      {"0.1", "192.168.0.1", false},
      {"192.168.0.0/16", "192.168.200.1", true},
      {"192.168.0.0/24", "192.168.1.1", false},
      {"192.168.0.0/33", "192.168.0.0", false},
      {"192.168.0.0/16", "192.168.example.org", false},
      {"::1", "[::1]", true},
      {"[::1]", "::1", true},
      {"0:0:0:0:0:0:0:1", "::1", true},
      {"fe80::/10", "[fe80::1234]", true},
      {"fe80::/10", "[fc00::1]", false},
      {"10.0.0.0/8", "[::1]", false},
      {"localhost", "127.0.0.1", false},
  };
  for (const row& one : rows) {
    CAPTURE(one.list, one.host);
    CHECK(matches_no_proxy(one.list, one.host) == one.direct);
  }
}

TEST_CASE("ranges of addresses") {
  const auto contains = [](const char* range, const char* address) {
    return address_range::parse(range)->contains(*endpoint::parse(address, 1));
  };
  CHECK(contains("10.0.0.0/9", "10.127.255.255"));
  CHECK_FALSE(contains("10.0.0.0/9", "10.128.0.0"));
  CHECK(contains("0.0.0.0/0", "255.255.255.255"));
  CHECK_FALSE(contains("0.0.0.0/0", "::1"));
  CHECK(contains("::/0", "ffff::1"));
  CHECK_FALSE(address_range::parse("1.2.3.4")->contains(endpoint::unix_path("/x")));
  for (const char* bad : {"", "1.2.3", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/1 ", "/1"}) {
    CAPTURE(bad);
    CHECK_FALSE(address_range::parse(bad));
  }
}
