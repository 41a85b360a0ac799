// Through dante: SOCKS 4 and 5. Not 4a: danted 1.4.2 takes the address that says "here comes a name" for one to connect
// to.
#include <pwd.h>
#include <unistd.h>

#include <optional>

#include "../include/child_program.hpp"
#include "../include/scratch_folder.hpp"
#include "local_server.hpp"

using namespace client_tests;

namespace {

bool missing() {
  if (child_program::installed("danted")) return false;
  WARN("SKIPPED: no danted");
  return true;
}

/// Asks nobody who it is, or everybody, and knows none.
class dante {
 public:
  explicit dante(bool asks) : port_(child_program::free_port()) {
    const struct passwd* const me = getpwuid(geteuid());
    const std::string who = me != nullptr ? me->pw_name : "nobody";
    std::string text = "logoutput: /dev/null\ninternal: 127.0.0.1 port = " + std::to_string(port_) + "\n";
    text += "external: 127.0.0.1\nuser.privileged: " + who + "\nuser.unprivileged: " + who + "\n";
    text += "clientmethod: none\nsocksmethod: " + std::string(asks ? "username" : "none") + "\n";
    text += "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }\n";
    text += "socks block { from: 0.0.0.0/0 to: 127.0.0.1/32 port = 9 }\n";
    text += "socks pass { from: 127.0.0.0/8 to: 127.0.0.0/8 command: connect }\n";
    scratch_folder::put(folder_.file("danted.conf"), text);
    const std::string config = folder_.file("danted.conf"), pid = folder_.file("danted.pid");
    program_.emplace(std::vector<std::string>{"/usr/sbin/danted", "-N", "1", "-f", config, "-p", pid}, port_);
  }
  http::client_options options(const std::string& scheme, const std::string& login = "") const {
    http::client_options out = trusting();
    out.proxy = net::proxy_settings(net::proxy::parse(scheme + "://" + login + "127.0.0.1:" + std::to_string(port_)));
    return out;
  }

 private:
  scratch_folder folder_;
  std::uint16_t port_;
  std::optional<child_program> program_;
};

}  // namespace

TEST_CASE("through dante: SOCKS 4 and 5 with http and https") {
  if (missing()) return;
  const dante with(false);
  local_server plain(say_path), secure(say_path, with_certificate("good"));
  for (const char* const scheme : {"socks4", "socks5", "socks5h"}) {
    CAPTURE(scheme);
    const http::client_options options = with.options(scheme);
    CHECK(get_once(options, plain.url("/plain")) == "/plain");
    CHECK(get_once(options, secure.url("/secure", "https", "localhost")) == "/secure");
  }
}

TEST_CASE("through dante: what it does not allow or know is told with its name") {
  if (missing()) return;
  const dante open(false), asks(true);
  local_server plain(say_path);
  for (const char* const scheme : {"socks4", "socks5"}) {
    CAPTURE(scheme);
    const std::string blocked = get_once(open.options(scheme), "http://127.0.0.1:9/");
    INFO(blocked);
    CHECK(has(blocked, "proxy_failed: GET http://127.0.0.1:9/: proxy " + std::string(scheme) + "://127.0.0.1:"));
  }
  const std::string unknown = get_once(asks.options("socks5", "nobody-of-that-name:s3cret@"), plain.url("/"));
  INFO(unknown);
  CHECK(has(unknown, "it does not take these credentials"));
  CHECK_FALSE(has(unknown, "s3cret"));
  CHECK(has(get_once(asks.options("socks5"), plain.url("/")), "proxy_failed: "));
}
