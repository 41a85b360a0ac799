// The client over HTTP/2 against servers that others wrote: nghttpd and nginx, over TLS and without.
#include "nginx_fixture.hpp"

using namespace client_tests;

namespace {

constexpr std::size_t large_size = 20'000'000;

/// Files that the servers have.
class documents : public scratch_folder {
 public:
  documents() {
    put(file("small"), "a small one");
    put(file("page.html"), std::string(50'000, 'p'));
    put(file("large"), std::string(large_size, 'x'));
  }
  std::string root() const { return file(""); }
};

server_program::arguments nghttpd(const documents& files, bool tls, std::vector<std::string> more = {}) {
  return [&files, tls, more](std::uint16_t port) {
    const certificates& all = certificates::shared();
    std::vector<std::string> out{"-a", "127.0.0.1", "-d", files.root(), "--echo-upload"};
    out.insert(out.end(), more.begin(), more.end());
    if (!tls) out.emplace_back("--no-tls");
    out.push_back(std::to_string(port));
    if (tls) out.insert(out.end(), {all.key("good"), all.chain("good")});
    return out;
  };
}

http::client_options prior_knowledge() {
  http::client_options out;
  out.http_version = http::protocol_choice::http2_prior_knowledge;
  return out;
}

struct tally {
  std::size_t good = 0;
  std::size_t connections = 0;  // requests that did not find one
};

/// `count` requests, 100 at once.
awaitable<tally> ask_many(http::client client, std::string url, std::size_t count) {
  tally out;
  std::size_t left = count;
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (int i = 0; i < 100; ++i) {
      group.spawn([&]() -> awaitable<void> {
        while (left > 0) {
          --left;
          const http::response got = co_await client.get(url);
          if (got.status() == 200 && got.version() == 20) ++out.good;
          if (!got.timings().reused) ++out.connections;
        }
      });
    }
    co_return;
  });
  co_return out;
}

}  // namespace

TEST_CASE("h2 servers: 1000 requests at 100 at once on one connection to nghttpd") {
  if (!have("nghttpd")) return;
  const documents files;
  const server_program plain(find_program("nghttpd"), nghttpd(files, false));
  const server_program secure(find_program("nghttpd"), nghttpd(files, true));
  run_real([&]() -> awaitable<void> {
    const http::client knowing(prior_knowledge()), asking(trusting());
    tally got = co_await ask_many(knowing, plain.url("http", "/small"), 1000);
    CHECK(got.good == 1000);
    CHECK(got.connections == 1);
    got = co_await ask_many(asking, secure.url("https", "/small"), 1000);
    CHECK(got.good == 1000);
    CHECK(got.connections == 1);
  });
}

TEST_CASE("h2 servers: a server that allows ten requests at once gets no more") {
  if (!have("nghttpd")) return;
  const documents files;
  const server_program server(find_program("nghttpd"), nghttpd(files, false, {"-m", "10"}));
  run_real([&]() -> awaitable<void> {
    const http::client client(prior_knowledge());
    const tally got = co_await ask_many(client, server.url("http", "/small"), 500);
    CHECK(got.good == 500);
    CHECK(got.connections == 1);
  });
}

TEST_CASE("h2 servers: large bodies in both directions") {
  if (!have("nghttpd")) return;
  const documents files;
  const server_program server(find_program("nghttpd"), nghttpd(files, true));
  run_real([&]() -> awaitable<void> {
    const http::client client(trusting());
    http::response got = co_await client.get(server.url("https", "/large"));
    CHECK(got.body().size() == large_size);
    CHECK(got.version() == 20);
    const std::string up(3'000'000, 'u');
    got = co_await client.post(server.url("https", "/echo"), up);
    CHECK(got.body() == up);
    int left = 30;
    http::request::body_source source = [&left]() -> awaitable<std::string> {
      std::string piece = left-- > 0 ? std::string(100'000, 's') : std::string();
      co_return piece;
    };
    auto request = http::request("PUT", server.url("https", "/echo")).stream(source);
    got = co_await client.send(std::move(request));
    CHECK(got.body() == std::string(3'000'000, 's'));
  });
}

TEST_CASE("h2 servers: a slow reader beside fast ones and requests that are given up") {
  if (!have("nghttpd")) return;
  const documents files;
  const server_program server(find_program("nghttpd"), nghttpd(files, false));
  run_real([&]() -> awaitable<void> {
    const http::client client(prior_knowledge());
    auto ask = http::request("GET", server.url("http", "/large"));
    http::response_stream slow = co_await client.stream(std::move(ask));
    for (int round = 0; round < 20; ++round) {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        for (int i = 0; i < 10; ++i) {
          group.spawn([&]() -> awaitable<void> { co_await client.get(server.url("http", "/large")); });
        }
        // In the middle of their bodies.
        auto other = http::request("GET", server.url("http", "/large"));
        http::response_stream half = co_await client.stream(std::move(other));
        co_await half.read_some();
        group.cancel();
      });
      const http::response fast = co_await client.get(server.url("http", "/small"));
      CHECK(fast.body() == "a small one");
      CHECK(fast.timings().reused);
    }
    const std::string all = co_await slow.read_all();
    CHECK(all.size() == large_size);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2 servers: a server that was started again is found again") {
  if (!have("nghttpd")) return;
  const documents files;
  server_program first(find_program("nghttpd"), nghttpd(files, false));
  run_real([&]() -> awaitable<void> {
    const http::client client(prior_knowledge());
    const std::string url = first.url("http", "/small");
    http::response got = co_await client.get(url);
    CHECK(got.status() == 200);
    first.stop();
    const server_program second(find_program("nghttpd"), nghttpd(files, false), first.port());
    got = co_await client.get(url);
    CHECK(got.status() == 200);
    CHECK_FALSE(got.timings().reused);
  });
}

TEST_CASE("h2 servers: nginx speaks the version that both prefer") {
  if (!have("nginx")) return;
  const documents files;
  const server_program server(find_program("nginx"), nginx(files, ""));
  run_real([&]() -> awaitable<void> {
    http::client_options options = trusting();
    http::response got = co_await http::client(options).get(server.url("https", "/small"));
    CHECK(got.version() == 20);
    CHECK(got.body() == "a small one");
    options.http_version = http::protocol_choice::http1;
    got = co_await http::client(options).get(server.url("https", "/small"));
    CHECK(got.version() == 11);
    CHECK(got.body() == "a small one");
  });
}

TEST_CASE("h2 servers: nginx answers HEAD, 204, 304 and gzip") {
  if (!have("nginx")) return;
  const documents files;
  const server_program server(find_program("nginx"),
                              nginx(files, "    gzip on;\n    location /none { return 204; }\n"));
  run_real([&]() -> awaitable<void> {
    const http::client client(trusting());
    http::response got = co_await client.head(server.url("https", "/large"));
    CHECK(got.header("content-length") == std::to_string(large_size));
    CHECK(got.body().empty());
    got = co_await client.get(server.url("https", "/none"));
    CHECK(got.status() == 204);
    got = co_await client.get(server.url("https", "/page.html"));
    CHECK(got.header("content-encoding") == "gzip");
    CHECK(got.body() == std::string(50'000, 'p'));
    auto again = http::request("GET", server.url("https", "/small"));
    const http::response first = co_await client.get(server.url("https", "/small"));
    again.header("If-None-Match", first.header("etag").value_or(""));
    got = co_await client.send(std::move(again));
    CHECK(got.status() == 304);
    CHECK(got.body().empty());
    CHECK(got.timings().reused);
  });
}

TEST_CASE("h2 servers: an nginx that says GOAWAY every fifty requests loses none") {
  if (!have("nginx")) return;
  const documents files;
  const server_program server(find_program("nginx"), nginx(files, "    keepalive_requests 50;\n"));
  run_real([&]() -> awaitable<void> {
    const http::client client(trusting());
    const tally got = co_await ask_many(client, server.url("https", "/small"), 1000);
    CHECK(got.good == 1000);
    CHECK(got.connections >= 10);
    CHECK(got.connections <= 40);
  });
}

TEST_CASE("h2 servers: limits hold and leave the connection to others") {
  if (!have("nginx")) return;
  const documents files;
  const server_program server(find_program("nginx"), nginx(files, ""));
  run_real([&]() -> awaitable<void> {
    http::client_options options = trusting();
    options.limits.body_bytes = 1'000'000;
    const http::client client(options);
    const std::string outcome = co_await outcome_of(client.get(server.url("https", "/large")));
    CHECK(outcome.substr(0, 14) == "limit_exceeded");
    const http::response got = co_await client.get(server.url("https", "/small"));
    CHECK(got.timings().reused);
  });
}
