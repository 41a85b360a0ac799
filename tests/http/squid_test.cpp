// Through squid, which asks for Basic or Digest credentials.
#include <filesystem>
#include <optional>

#include "../include/child_program.hpp"
#include "../include/scratch_folder.hpp"
#include "local_server.hpp"

using namespace client_tests;

namespace {

bool missing() {
  if (child_program::installed("squid")) return false;
  WARN("SKIPPED: no squid");
  return true;
}

/// Takes the user "us3r" with the password "s3cret".
class squid {
 public:
  explicit squid(bool digest, bool basic) : port_(child_program::free_port()) {
    // Started by root, it and its helpers are somebody else.
    std::filesystem::permissions(folder_.file(""), std::filesystem::perms(0755));
    scratch_folder::put(folder_.file("users"), "us3r:s3cret\n");
    scratch_folder::put(folder_.file("basic.sh"),
                        "while read -r who; do [ \"$who\" = 'us3r s3cret' ] && echo OK || echo ERR; done\n");
    std::string text = "http_port 127.0.0.1:" + std::to_string(port_) + "\n";
    if (digest) {
      text += "auth_param digest program /usr/lib/squid/digest_file_auth " + folder_.file("users") + "\n";
      text += "auth_param digest realm braid\nauth_param digest children 1\n";
    }
    if (basic) {
      text += "auth_param basic program /bin/sh " + folder_.file("basic.sh") + "\n";
      text += "auth_param basic realm braid\nauth_param basic children 1\n";
    }
    text += "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all\ncache deny all\n";
    text += "cache_mem 8 MB\naccess_log none\ncache_log /dev/null\ncache_store_log none\npid_filename none\n";
    text += "netdb_filename none\npinger_enable off\nshutdown_lifetime 0 seconds\ncoredump_dir none\n";
    scratch_folder::put(folder_.file("squid.conf"), text);
    // Squids of one name share memory, and the second fails to start. SIGTERM has it take its memory away again.
    const std::string name = "braid" + std::to_string(port_);
    const std::vector<std::string> command{"/usr/sbin/squid", "-N", "-n", name, "-f", folder_.file("squid.conf")};
    program_.emplace(
        command, [port = port_] { return child_program::listens(port); }, SIGTERM);
  }
  http::client_options options(net::proxy_scheme scheme, const std::string& login = "us3r:s3cret@") const {
    net::proxy with = net::proxy::parse("http://" + login + "127.0.0.1:" + std::to_string(port_));
    with.scheme(scheme);
    http::client_options out = trusting();
    out.proxy = net::proxy_settings(std::move(with));
    return out;
  }

 private:
  scratch_folder folder_;
  std::uint16_t port_;
  std::optional<child_program> program_;
};

/// A request and a tunnel, both asked for twice, and a body that is large.
void use(const http::client_options& options) {
  local_server plain(say_path), secure(say_path, with_certificate("good"));
  runtime one;
  one.run([&]() -> awaitable<void> {
    const http::client client(options);
    for (int i = 0; i < 2; ++i) {
      const http::response http = co_await client.get(plain.url("/plain"));
      CHECK(http.status() == 200);
      CHECK(http.body() == "/plain");
      const http::response https = co_await client.get(secure.url("/secure", "https", "localhost"));
      CHECK(https.body() == "/secure");
      CHECK(https.timings().reused == (i > 0));
    }
    const http::response posted = co_await client.post(plain.url("/p"), std::string(300'000, 'z'));
    CHECK(posted.body() == "/p" + std::string(300'000, 'z'));
  });
}

/// The wrong password, for a request and for a tunnel.
void fail(const squid& with, net::proxy_scheme scheme) {
  local_server plain(say_path), secure(say_path, with_certificate("good"));
  const http::client_options wrong = with.options(scheme, "us3r:wrong@");
  const std::string tunnel = get_once(wrong, secure.url("/", "https", "localhost"));
  INFO(tunnel);
  CHECK(has(tunnel, "proxy_failed: GET https://localhost:"));
  CHECK(has(tunnel, "407"));
  CHECK_FALSE(has(tunnel, "wrong"));
  runtime one;
  one.run([&]() -> awaitable<void> {
    const http::client client(wrong);
    const http::response got = co_await client.get(plain.url("/"));
    CHECK(got.status() == 407);
  });
}

}  // namespace

TEST_CASE("through squid: Basic") {
  if (missing()) return;
  const squid with(false, true);
  use(with.options(net::proxy_scheme::basic));
  use(with.options(net::proxy_scheme::any));
  fail(with, net::proxy_scheme::basic);
}

TEST_CASE("through squid: Digest") {
  if (missing()) return;
  const squid with(true, false);
  use(with.options(net::proxy_scheme::digest));
  use(with.options(net::proxy_scheme::any));
  fail(with, net::proxy_scheme::digest);
}

TEST_CASE("through squid: of two schemes the better one and Basic is never said where only Digest is allowed") {
  if (missing()) return;
  const squid both(true, true), basic(false, true);
  use(both.options(net::proxy_scheme::any));
  local_server secure(say_path, with_certificate("good"));
  const std::string got = get_once(basic.options(net::proxy_scheme::digest), secure.url("/", "https", "localhost"));
  CHECK(has(got, "407"));
}
