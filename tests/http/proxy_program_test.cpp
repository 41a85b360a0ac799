// Through proxies that are not ours: tinyproxy (HTTP) and microsocks (SOCKS 5), both with user and password.
#include <atomic>
#include <cstdio>
#include <mutex>

#include "../include/child_program.hpp"
#include "../include/scratch_folder.hpp"
#include "local_server.hpp"

using namespace client_tests;

namespace {

bool missing(const char* program) {
  if (child_program::installed(program)) return false;
  std::printf("SKIPPED: %s is not installed (cmake/packages.txt)\n", program);
  return true;
}

class tinyproxy {
 public:
  tinyproxy() : port_(child_program::free_port()) {
    const std::string config = folder_.file("tinyproxy.conf");
    scratch_folder::put(config, "Port " + std::to_string(port_) +
                                    "\nListen 127.0.0.1\nTimeout 600\nMaxClients 100\nBasicAuth us3r s3cret\n");
    program_.emplace(std::vector<std::string>{"tinyproxy", "-d", "-c", config}, port_);
  }
  net::proxy proxy(const std::string& login = "us3r:s3cret@") const {
    return net::proxy::parse("http://" + login + "127.0.0.1:" + std::to_string(port_));
  }

 private:
  scratch_folder folder_;
  std::uint16_t port_;
  std::optional<child_program> program_;
};

class microsocks {
 public:
  microsocks()
      : port_(child_program::free_port()),
        program_({"microsocks", "-i", "127.0.0.1", "-p", std::to_string(port_), "-u", "us3r", "-P", "s3cret"}, port_) {}
  net::proxy proxy(const std::string& scheme, const std::string& login = "us3r:s3cret@") const {
    return net::proxy::parse(scheme + "://" + login + "127.0.0.1:" + std::to_string(port_));
  }

 private:
  std::uint16_t port_;
  child_program program_;
};

/// Answers with the names of the header fields of the request.
awaitable<http::reply> say_fields(http::server_request& request) {
  std::string names;
  for (const http::headers::field field : request.fields()) names += std::string(field.name) + "\n";
  co_return http::reply::text(names);
}

http::client_options through(net::proxy with) {
  http::client_options out = trusting();
  out.proxy = net::proxy_settings(std::move(with));
  return out;
}

}  // namespace

TEST_CASE("through tinyproxy: requests for http and tunnels for https, kept alive") {
  if (missing("tinyproxy")) return;
  const tinyproxy with;
  local_server plain(say_path), secure(say_path, with_certificate("good"));
  runtime one;
  one.run([&]() -> awaitable<void> {
    http::client client(through(with.proxy()));
    for (int i = 0; i < 3; ++i) {
      http::response http = co_await client.get(plain.url("/plain"));
      CHECK(http.body() == "/plain");
      http::response https = co_await client.get(secure.url("/secure", "https", "localhost"));
      CHECK(https.body() == "/secure");
      CHECK(https.timings().reused == (i > 0));
    }
    http::response posted = co_await client.post(secure.url("/p", "https", "localhost"), std::string(300'000, 'z'));
    CHECK(posted.body() == "/p" + std::string(300'000, 'z'));
    http::request direct("GET", plain.url("/direct"));
    direct.proxy(net::proxy_settings());
    http::response got = co_await client.send(std::move(direct));
    CHECK(got.body() == "/direct");
    CHECK_FALSE(got.headers().has("Via"));
  });
  http::client_options tunnelled = through(with.proxy());
  tunnelled.proxy_tunnel = true;
  CHECK(get_once(tunnelled, plain.url("/tunnel")) == "/tunnel");
}

TEST_CASE("through tinyproxy: the origin never sees the proxy's credentials") {
  if (missing("tinyproxy")) return;
  const tinyproxy with;
  local_server plain(say_fields), secure(say_fields, with_certificate("good"));
  for (const bool tunnel : {false, true}) {
    http::client_options options = through(with.proxy());
    options.proxy_tunnel = tunnel;
    for (const std::string& where : {plain.url("/"), secure.url("/", "https", "localhost")}) {
      const std::string names = get_once(options, where);
      CHECK(has(names, "User-Agent\n"));
      CHECK_FALSE(has(names, "Proxy-Authorization"));
    }
  }
}

TEST_CASE("through tinyproxy: what goes wrong is told with the proxy's name") {
  if (missing("tinyproxy")) return;
  const tinyproxy with;
  local_server plain(say_path), secure(say_path, with_certificate("good"));
  for (const char* login : {"", "us3r:wrong@"}) {
    const net::proxy proxy = with.proxy(login);
    const std::string got = get_once(through(proxy), secure.url("/", "https", "localhost"));
    INFO(got);
    CHECK(has(got, "proxy_failed: GET https://localhost:"));
    CHECK(has(got, "proxy " + proxy.str() + ": connect localhost:"));
    CHECK(has(got, ": 40"));  // 401 without credentials: its own way to say 407
    CHECK_FALSE(has(got, "wrong"));
  }
  const std::string gone = "https://127.0.0.1:" + std::to_string(child_program::free_port()) + "/";
  const std::string got = get_once(through(with.proxy()), gone);
  INFO(got);
  CHECK(has(got, "proxy_failed: "));
  CHECK(has(got, ": 50"));
}

TEST_CASE("through microsocks: http and https, with the name or the address") {
  if (missing("microsocks")) return;
  const microsocks with;
  local_server plain(say_fields), secure(say_path, with_certificate("good"));
  for (const char* scheme : {"socks5", "socks5h"}) {
    CAPTURE(scheme);
    const http::client_options options = through(with.proxy(scheme));
    CHECK(get_once(options, secure.url("/secure", "https", "localhost")) == "/secure");
    const std::string names = get_once(options, plain.url("/"));
    CHECK(has(names, "User-Agent\n"));
    CHECK_FALSE(has(names, "Proxy-"));
  }
}

TEST_CASE("through microsocks: what goes wrong is told with the proxy's name") {
  if (missing("microsocks")) return;
  const microsocks with;
  local_server plain(say_path);
  CHECK(has(get_once(through(with.proxy("socks5h", "")), plain.url("/")), ": it wants credentials"));
  const std::string wrong = get_once(through(with.proxy("socks5h", "us3r:wrong@")), plain.url("/"));
  CHECK(has(wrong, "proxy_failed: GET http://127.0.0.1:"));
  CHECK(has(wrong, ": it does not take these credentials"));
  const std::string gone = "http://127.0.0.1:" + std::to_string(child_program::free_port()) + "/";
  CHECK(has(get_once(through(with.proxy("socks5")), gone), ": connection refused"));
  const std::string nowhere = get_once(through(with.proxy("socks5h")), "http://nowhere.invalid/");
  CHECK(has(nowhere, "proxy_failed: GET http://nowhere.invalid/: proxy socks5h://127.0.0.1:"));
}
