// braid-get with DNS servers of its own.
#include <catch2/catch.hpp>

#include "../net/dns_server.hpp"
#include "program.hpp"

using namespace get_test;

TEST_CASE("addresses are asked of the servers that are named, on every context") {
  const server site;
  net_test::dns_server names;
  names.say("shop.test", {{"127.0.0.1"}});
  const std::string port = site.base().substr(site.base().find(':'));
  const std::string with = "-sS --dns-servers " + names.place() + " ";
  const result got = get(with + "http://shop.test" + port + "/");
  if (got.code == 4) {
    WARN("SKIPPED: built without c-ares");
    return;
  }
  CHECK(got.err == "");
  CHECK(got.out == get("-s http://" + site.base() + "/").out);
  CHECK(names.asked("shop.test") == 1);
  CHECK(get(with + "-Z --contexts 2 'http://shop.test" + port + "/?[1-8]'").code == 0);
  CHECK(names.asked("shop.test") <= 3);
  const result none = get(with + "http://none.test/");
  CHECK(none.code == 6);
  CHECK(has(none.err, "none.test"));
  CHECK(get("-sS --dns-servers ns.example " + site("/")).code == 43);
}
