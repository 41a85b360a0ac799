#include <braid/http/hsts.hpp>

#include <filesystem>

#include <braid/http/cache.hpp>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

const wall_time noon = std::chrono::sys_days(std::chrono::year(2030) / 1 / 31) + 12h;

std::string parsed(std::string_view field) {
  const auto got = http::parse_hsts(field);
  if (!got) return "ignored";
  return std::to_string(got->max_age.count()) + (got->subdomains ? " and below" : "");
}

http::hsts_policy policy_of(std::chrono::seconds age, bool subdomains = false) {
  http::hsts_policy out;
  out.max_age = age;
  out.subdomains = subdomains;
  return out;
}

http::client_options with_hsts() {
  http::client_options out;
  out.hsts = std::make_shared<http::hsts_store>();
  out.wall_clock = [] { return noon; };
  return out;
}

/// The connections that these URLs lead to, asked one after the other.
std::vector<std::string> targets_of(http::client_options options, std::string answer, std::vector<std::string> urls) {
  scripted_peer peer;
  peer.always(answers_and_closes(std::move(answer)));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, options);
    for (const std::string& one : urls) co_await client.get(one);
  });
  return peer.targets();
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a Strict-Transport-Security field is read as RFC 6797 says") {
  CHECK(parsed("max-age=31536000") == "31536000");
  CHECK(parsed(" MAX-AGE = \"15\" ; IncludeSubDomains ") == "15 and below");
  CHECK(parsed("includeSubDomains;max-age=0;preload;x=\"a;b\\\"\"") == "0 and below");
  CHECK(parsed(";;max-age=1;;") == "1");
  CHECK(parsed("max-age=99999999999999999999") == std::to_string(86400ll * 365 * 100));
  for (const char* bad :
       {"", "includeSubDomains", "max-age", "max-age=", "max-age=-1", "max-age=1s", "max-age=1.5",
        "max-age=1;max-age=2", "max-age=1;includeSubDomains;includesubdomains", "max-age=\"1",
        "max-age=1;includeSubDomains=yes", "max-age=1 includeSubDomains", "max-age=1,", "=1;max-age=1"}) {
    INFO(bad);
    CHECK(parsed(bad) == "ignored");
  }
}

TEST_CASE("a store covers its hosts, those below where they say so, for their time", "[curl-cve]") {
  http::hsts_store store;
  store.add("example.org", policy_of(1h), noon);
  store.add("Below.example", policy_of(1h, true), noon);
  CHECK(store.covers("example.org", noon));
  CHECK(store.covers("EXAMPLE.org", noon));
  CHECK_FALSE(store.covers("www.example.org", noon));
  CHECK_FALSE(store.covers("notexample.org", noon));
  CHECK(store.covers("a.b.below.example", noon));
  CHECK_FALSE(store.covers("example", noon));
  CHECK_FALSE(store.covers("", noon));
  CHECK_FALSE(store.covers("example.org", noon + 1h));
  store.add("example.org", policy_of(0s), noon);
  CHECK_FALSE(store.covers("example.org", noon));
  CHECK(store.size() == 1);
}

TEST_CASE("a trailing dot does not lead past HSTS", "[curl-cve]") {
  http::hsts_store store;
  store.add("example.org", policy_of(1h, true), noon);
  store.add("dotted.example.", policy_of(1h), noon);
  CHECK(store.covers("example.org.", noon));
  CHECK(store.covers("www.example.org.", noon));
  CHECK(store.covers("dotted.example", noon));
  http::client_options options = with_hsts();
  options.hsts->add("example.org", policy_of(1h), noon);
  CHECK(targets_of(options, ok("x"), {"http://example.org./"}) == list{"example.org.:443"});
}

TEST_CASE("addresses and answers without TLS teach a store nothing", "[curl-cve]") {
  http::hsts_store store;
  const http::headers said{{"Strict-Transport-Security", "max-age=60"}};
  for (const char* from : {"http://example.org/", "https://127.0.0.1/", "https://[::1]/"}) {
    store.learn(url::parse(from), said, noon);
  }
  CHECK(store.size() == 0);
  const http::headers twice{{"Strict-Transport-Security", "max-age=60"}, {"Strict-Transport-Security", "max-age=0"}};
  store.learn(url::parse("https://example.org/"), twice, noon);
  CHECK(store.covers("example.org", noon + 59s));
}

TEST_CASE("a store is bounded in hosts and in time") {
  http::hsts_limits limits;
  limits.hosts = 2;
  limits.max_age = 24h;
  http::hsts_store store(limits);
  store.add("long.example", policy_of(std::chrono::seconds(1'000'000'000)), noon);
  CHECK_FALSE(store.covers("long.example", noon + 24h));
  store.add("short.example", policy_of(1min), noon);
  store.add("new.example", policy_of(1h), noon);
  CHECK(store.size() == 2);
  CHECK_FALSE(store.covers("short.example", noon));
}

TEST_CASE("HSTS files are those of curl") {
  http::hsts_store store;
  const std::string text =
      "# Your HSTS cache. https://curl.se/docs/hsts.html\r\n"
      ".below.example \"20300201 12:30:00\"\r\n"
      "plain.example \"20300131 12:00:01\"\n"
      "ever.example \"unlimited\"\n"
      "past.example \"20200131 12:00:00\"\n"
      "broken.example \"20301399 12:00:00\"\n"
      "broken.example 20300201\n"
      "broken\n"
      "127.0.0.1 \"unlimited\"\n";
  store.import_curl(text, noon);
  CHECK(store.covers("x.below.example", noon + 24h));
  CHECK(store.covers("plain.example", noon));
  CHECK_FALSE(store.covers("plain.example", noon + 1s));
  CHECK(store.covers("ever.example", noon + std::chrono::days(365)));
  CHECK(store.size() == 3);
  const std::string saved = store.export_curl(noon);
  CHECK(saved.find("\n.below.example \"20300201 12:30:00\"\n") != saved.npos);
  CHECK(saved.find("\nplain.example \"20300131 12:00:01\"\n") != saved.npos);
  store.import_curl("far.example \"20990101 00:00:00\"\n", noon);
  CHECK(store.export_curl(noon).find("far.example \"20990101 00:00:00\"\n") != saved.npos);
  // What is known to last longer stays.
  store.import_curl("below.example \"20300131 13:00:00\"\n", noon);
  CHECK(store.covers("x.below.example", noon + 24h));
}

TEST_CASE("an HSTS file is replaced as a whole and one that is not there is empty", "[curl-cve]") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "braid-hsts-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  http::hsts_store store, other;
  store.load(folder / "none", noon);
  store.add("example.org", policy_of(1h, true), noon);
  store.save(folder / "hsts", noon);
  other.load(folder / "hsts", noon);
  CHECK(other.export_curl(noon) == store.export_curl(noon));
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
  CHECK_THROWS_AS(store.save(folder / "no" / "hsts", noon), io_error);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a client learns over verified TLS and turns http into https before it connects") {
  const std::string strict = ok("x", "Strict-Transport-Security: max-age=60\r\n");
  const list urls{"https://h/", "http://h/", "http://h:80/", "http://h:8080/", "http://other/"};
  CHECK(targets_of(with_hsts(), strict, urls) == list{"h:443", "h:443", "h:443", "h:8080", "other:80"});
  CHECK(targets_of(with_hsts(), strict, {"http://h/", "http://h/"}) == list{"h:80", "h:80"});
  http::client_options careless = with_hsts();
  careless.tls.verify(false);
  CHECK(targets_of(careless, strict, {"https://h/", "http://h/"}) == list{"h:443", "h:80"});
}

TEST_CASE("redirects and WebSockets obey HSTS, and the cache is asked for https", "[curl-cve]") {
  http::client_options options = with_hsts();
  options.hsts->add("strict", policy_of(1h), noon);
  options.cache = std::make_shared<http::memory_cache>();
  scripted_peer peer;
  peer.next(answers_and_closes("HTTP/1.1 302 Found\r\nLocation: http://strict/x\r\nContent-Length: 0\r\n\r\n"))
      .always(answers_and_closes(ok("x", "Cache-Control: max-age=60\r\n")));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, options);
    http::response got = co_await client.get("http://h/");
    CHECK(got.url().str() == "https://strict/x");
    got = co_await client.get("http://strict/y");
    got = co_await client.get("https://strict/y");
    CHECK(got.from_cache());
    bool refused = false;
    try {
      http::websocket socket = co_await client.websocket("ws://strict/");
    } catch (const status_error&) {
      refused = true;
    }
    CHECK(refused);
  });
  CHECK(peer.targets() == list{"h:80", "strict:443", "strict:443", "strict:443"});
}
