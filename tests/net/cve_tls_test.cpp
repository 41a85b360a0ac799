// Classes of curl's advisories: certificates whose names are taken for more than they say.
#include <catch2/catch.hpp>

#include "tls_fixture.hpp"

using namespace net_test;

namespace {

/// Why a client that asks for `name` refuses a certificate; empty where it takes it.
std::string refusal(const std::string& certificate, const std::string& name) {
  asio::io_context context(1);
  handshake hands;
  hands.server = server_options(certificate);
  hands.name = name;
  run_on(context, context.get_executor(), hands.run());
  return hands.client_failure;
}

bool mismatch(const std::string& why) {
  return why.find("hostname mismatch") != why.npos || why.find("IP address mismatch") != why.npos;
}

}  // namespace

TEST_CASE("cve: wildcards match one whole label of a name and no address", "[curl-cve]") {
  for (const char* name : {"localhost", "127.0.0.1", "10.0.0.1", "a.b.example.org", "a.example.org", "com"}) {
    CAPTURE(name);
    CHECK(mismatch(refusal("wild", name)));
  }
  CHECK(refusal("good", "www.example.org").empty());
  CHECK(mismatch(refusal("good", "a.www.example.org")));
  CHECK(mismatch(refusal("good", "example.org")));
}

TEST_CASE("cve: a partial wildcard never matches a name in punycode", "[curl-cve]") {
  CHECK(mismatch(refusal("wild", "xn--bcher-kva.example.org")));
  CHECK(mismatch(refusal("wild", "xyz.example.org")));
}

TEST_CASE("cve: a name in a certificate does not end at a zero byte", "[curl-cve]") {
  CHECK(mismatch(refusal("zero", "localhost")));
  CHECK(mismatch(refusal("zero", "localhost.evil.example")));
}

TEST_CASE("cve: an address is checked as an address and an expired certificate refused for it too", "[curl-cve]") {
  CHECK(refusal("good", "127.0.0.1").empty());
  CHECK(mismatch(refusal("good", "127.0.0.2")));
  CHECK(mismatch(refusal("other", "127.0.0.1")));
  CHECK(refusal("expired", "127.0.0.1").find("expired") != std::string::npos);
}
