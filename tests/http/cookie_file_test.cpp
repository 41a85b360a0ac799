#include <braid/http/cookies.hpp>

#include <catch2/catch.hpp>

using namespace braid;
using namespace std::chrono_literals;
using http::cookie_jar;

namespace {

const wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);
const url site = url::parse("https://www.example.com/");

std::string lines_of(const cookie_jar& jar) {
  const std::string all = jar.export_netscape(now);
  return all.substr(all.find("\n\n") + 2);
}

}  // namespace

TEST_CASE("a jar becomes a Netscape cookie file and comes back from it") {
  cookie_jar jar;
  jar.store(site, "a=1", now);
  jar.store(site, "b=two words; Max-Age=60; Domain=example.com; Path=/x; Secure; HttpOnly", now);
  jar.store(site, "c=", now);
  CHECK(lines_of(jar) ==
        "www.example.com\tFALSE\t/\tFALSE\t0\ta\t1\n"
        "#HttpOnly_.example.com\tTRUE\t/x\tTRUE\t1777593660\tb\ttwo words\n"
        "www.example.com\tFALSE\t/\tFALSE\t0\tc\t\n");
  CHECK(jar.export_netscape(now).starts_with("# Netscape HTTP Cookie File\n"));
  cookie_jar back;
  CHECK(back.import_netscape(jar.export_netscape(now), now) == 3);
  CHECK(back.export_netscape(now) == jar.export_netscape(now));
  CHECK(back.header_for(url::parse("https://www.example.com/x"), now) == "b=two words; a=1; c=");
}

TEST_CASE("cookie files as other programs write them are understood") {
  cookie_jar jar;
  const std::size_t taken = jar.import_netscape(
      "# Netscape HTTP Cookie File\r\n"
      "\r\n"
      ".example.com\tTRUE\t/\tFALSE\t0\tcrlf\tv\r\n"
      "example.com\tTRUE\tFALSE\t0\tnopath\tv\n"
      "example.com\tTRUE\t/\tFALSE\t1893456000\tempty\n"
      "Example.com\tTRUE\t/\tFALSE\t99999999999999999999\tfar\tv",
      now);
  CHECK(taken == 4);
  CHECK(jar.header_for(site, now) == "crlf=v; nopath=v; empty=; far=v");
}

TEST_CASE("lines of a cookie file that are wrong or late or against the rules are passed over", "[curl-cve]") {
  cookie_jar jar;
  const std::size_t taken = jar.import_netscape(
      "one two three\n"
      "example.com\tTRUE\t/\tFALSE\tsoon\ta\tv\n"
      "example.com\tTRUE\t/\tMAYBE\t0\ta\tv\n"
      "example.com\tTRUE\t/\tFALSE\t1000000000\tlate\tv\n"
      "example.com\tTRUE\t/\tFALSE\t-99999999999999999999\tlong-ago\tv\n"
      ".com\tTRUE\t/\tFALSE\t0\tsuffix\tv\n"
      "example.com\tFALSE\t/\tFALSE\t0\t__Secure-a\tv\n"
      "example.com\tTRUE\t/\tTRUE\t0\t__Host-a\tv\n"
      "\tTRUE\t/\tFALSE\t0\tnobody\tv\n"
      "example.com\tTRUE\t/\tFALSE\t0\t\tv\n"
      "example.com\tTRUE\t/\tFALSE\t0\tcontrol\tv\x01\n",
      now);
  CHECK(taken == 0);
  CHECK(jar.size() == 0);
}

TEST_CASE("what a cookie file cannot hold stays behind") {
  cookie_jar jar;
  jar.store(site, "a\tb=1", now);
  jar.store(site, "c=1\t2", now);
  CHECK(lines_of(jar) == "www.example.com\tFALSE\t/\tFALSE\t0\tc\t1\t2\n");
  cookie_jar back;
  back.import_netscape(jar.export_netscape(now), now);
  CHECK(back.header_for(site, now) == "c=1\t2");
}

TEST_CASE("the domain of a line that is no host's name is not taken") {
  cookie_jar jar;
  CHECK(jar.import_netscape("#HttpOnly_.#example.com\tFALSE\t/\tFALSE\t0\ta\t1\n", now) == 0);
  CHECK(jar.import_netscape("..example.com\tFALSE\t/\tFALSE\t0\ta\t1\n", now) == 0);
  CHECK(jar.import_netscape(".example.com\tFALSE\t/\tFALSE\t0\ta\t1\n", now) == 1);
}
