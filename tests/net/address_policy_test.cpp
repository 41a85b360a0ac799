#include <braid/core/error.hpp>
#include <braid/net/address_policy.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/resolver.hpp>
#include <catch2/catch.hpp>

#include "net_fixture.hpp"

using namespace net_test;
using braid::net::address_kind;
using braid::net::address_policy;
using braid::net::connect_options;
using braid::net::resolve_override;

TEST_CASE("every address is of one kind and only global ones are public") {
  struct row {
    const char* address;
    address_kind kind;
  };
  using enum address_kind;
  const row rows[] = {
      {"0.0.0.0", unspecified},
      {"0.255.255.255", unspecified},
      {"1.0.0.0", global},
      {"9.255.255.255", global},
      {"10.0.0.0", private_use},
      {"10.255.255.255", private_use},
      {"11.0.0.0", global},
      {"93.184.216.34", global},
      {"100.63.255.255", global},
      {"100.64.0.0", shared},
      {"100.100.100.200", metadata},
      {"100.127.255.255", shared},
      {"100.128.0.0", global},
      {"126.255.255.255", global},
      {"127.0.0.1", loopback},
      {"127.255.255.254", loopback},
      {"128.0.0.0", global},
      {"168.63.129.16", metadata},
      {"169.253.255.255", global},
      {"169.254.0.1", link_local},
      {"169.254.169.254", metadata},
      {"169.255.0.0", global},
      {"172.15.255.255", global},
      {"172.16.0.0", private_use},
      {"172.31.255.255", private_use},
      {"172.32.0.0", global},
      {"192.0.0.1", reserved},
      {"192.0.0.192", metadata},
      {"192.0.2.1", documentation},
      {"192.88.99.1", reserved},
      {"192.167.255.255", global},
      {"192.168.0.1", private_use},
      {"192.169.0.0", global},
      {"198.17.255.255", global},
      {"198.18.0.1", reserved},
      {"198.20.0.0", global},
      {"198.51.100.7", documentation},
      {"203.0.113.7", documentation},
      {"223.255.255.255", global},
      {"224.0.0.1", multicast},
      {"239.255.255.255", multicast},
      {"240.0.0.1", reserved},
      {"255.255.255.255", reserved},
      {"::", unspecified},
      {"::1", loopback},
      {"::2", unspecified},  // the compatible form of 0.0.0.2
      {"::7f00:1", loopback},
      {"::8.8.8.8", global},
      {"::ffff:127.0.0.1", loopback},
      {"::ffff:10.1.2.3", private_use},
      {"::ffff:169.254.169.254", metadata},
      {"::ffff:8.8.8.8", global},
      {"::ffff:0:127.0.0.1", loopback},
      {"64:ff9b::7f00:1", loopback},
      {"64:ff9b::c0a8:1", private_use},
      {"64:ff9b::808:808", global},
      {"64:ff9b:1::1", reserved},
      {"100::1", reserved},
      {"2001::1", reserved},
      {"2001:1ff::1", reserved},
      {"2001:200::1", global},
      {"2001:db8::1", documentation},
      {"2002:7f00:1::", loopback},
      {"2002:a01:203::1", private_use},
      {"2002:808:808::1", global},
      {"2606:4700::1111", global},
      {"3fff:fff::1", documentation},
      {"4000::1", reserved},
      {"5f00::1", reserved},
      {"fbff::1", reserved},
      {"fc00::1", unique_local},
      {"fd00:ec2::254", metadata},
      {"fdff::1", unique_local},
      {"fe80::1", link_local},
      {"febf::1", link_local},
      {"fec0::1", private_use},
      {"ff02::1", multicast},
  };
  const address_policy guard = address_policy::public_only();
  for (const row& one : rows) {
    CAPTURE(one.address);
    const endpoint where = *endpoint::parse(one.address, 80);
    CHECK(to_string(classify(where)) == to_string(one.kind));
    CHECK(guard.allows(where) == (one.kind == global));
    CHECK(address_policy().allows(where));
  }
  CHECK(classify(endpoint::unix_path("/run/x")) == unix_socket);
  CHECK(classify(endpoint()) == unspecified);
}

TEST_CASE("a policy makes exceptions for ranges of addresses") {
  address_policy guard = address_policy::public_only();
  guard.allow("10.1.0.0/23").allow("127.0.0.5").allow("fd00::/8").allow("[::1]");
  const auto allows = [&](const char* address) { return guard.allows(*endpoint::parse(address, 1)); };
  CHECK(allows("10.1.1.255"));
  CHECK_FALSE(allows("10.1.2.0"));
  CHECK(allows("127.0.0.5"));
  CHECK_FALSE(allows("127.0.0.4"));
  CHECK(allows("fd12::1"));
  CHECK_FALSE(allows("fc00::1"));
  CHECK(allows("::1"));
  CHECK_FALSE(guard.allows(endpoint::unix_path("/run/x")));
  for (const char* bad : {"", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8x", "/8"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(guard.allow(bad), braid::invalid_argument);
  }
}

namespace {

/// The message of what connect() throws under the guard.
std::string refusal(std::string host, connect_options options = {}) {
  options.addresses = address_policy::public_only().allow("127.0.0.9");
  try {
    run([](std::string to, connect_options how) -> awaitable<void> {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      braid::net::resolver::of(executor).use_lookup([](const std::string&) {
        braid::net::lookup_answer answer;
        answer.addresses = {*endpoint::parse("127.0.0.1", 0), *endpoint::parse("::1", 0)};
        return answer;
      });
      auto stream = co_await braid::net::connect(to, 1, how);
    }(std::move(host), std::move(options)));
  } catch (const braid::error& failure) {
    return std::string(to_string(failure.code())) + ": " + failure.what();
  }
  return "";
}

}  // namespace

TEST_CASE("connect refuses what the policy forbids before it sends anything and names the addresses") {
  CHECK(refusal("127.0.0.1") ==
        "address_refused: connect 127.0.0.1:1: the address policy refuses 127.0.0.1 (loopback)");
  CHECK(refusal("inside.example") ==
        "address_refused: connect inside.example:1: the address policy refuses 127.0.0.1 (loopback), ::1 (loopback)");
  CHECK(refusal("unix:/run/x") ==
        "address_refused: connect unix:/run/x: the address policy refuses /run/x (a Unix socket)");
  // Other spellings of numbers are the resolver's to understand; what it makes of them is checked.
  CHECK(refusal("0177.1") ==
        "address_refused: connect 0177.1:1: the address policy refuses 127.0.0.1 (loopback), ::1 (loopback)");
  connect_options overridden;
  overridden.overrides.push_back(resolve_override::parse("www.example:1:10.0.0.1"));
  CHECK(refusal("www.example", overridden) ==
        "address_refused: connect www.example:1: the address policy refuses 10.0.0.1 (private)");
  // Of several addresses those that are allowed are tried: nobody listens there.
  overridden.overrides[0] = resolve_override::parse("www.example:1:10.0.0.1,127.0.0.9");
  CHECK(refusal("www.example", overridden) == "connect_failed: connect www.example:1 (127.0.0.9): Connection refused");
  connect_options own;
  own.unix_path = "/nowhere/socket";
  CHECK(refusal("www.example", own) ==
        "connect_failed: connect www.example:1 (/nowhere/socket): No such file or directory");
}
