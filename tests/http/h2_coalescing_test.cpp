// Requests to several names over one HTTP/2 connection, with nginx.
#include "nginx_fixture.hpp"

#include <braid/net/resolver.hpp>

using namespace client_tests;

namespace {

/// Says which of its connections it was asked over and for which host. Answers for moved.example.org over connections
/// that were made for it only, and for strict.example.org over none.
class many_names {
 public:
  std::string url(const std::string& host) const { return "https://" + host + ":" + port() + "/"; }
  std::string port() const { return std::to_string(server_.port()); }

 private:
  static constexpr auto lines =
      "    default_type text/plain;\n"
      "    set $asked \"$ssl_server_name|$host\";\n"
      "    if ($asked = \"a.example.org|moved.example.org\") { return 421; }\n"
      "    if ($host = strict.example.org) { return 421; }\n"
      "    location / { return 200 \"$connection $host\"; }\n";
  scratch_folder files_;
  server_program server_{find_program("nginx"), nginx(files_, lines)};
};

struct visit {
  int status = 0;
  std::string connection;  // the server's number of it
  std::string host;        // that the server saw
  std::string failure;
};

awaitable<visit> visit_of(const http::client& client, http::request what) {
  visit out;
  try {
    const http::response got = co_await client.send(std::move(what));
    out.status = got.status();
    const std::string body(got.body());
    const std::size_t blank = body.find(' ');
    out.connection = body.substr(0, blank);
    if (blank != body.npos) out.host = body.substr(blank + 1);
  } catch (const error& e) {
    out.failure = to_string(e.code());
  }
  co_return out;
}

awaitable<visit> visit_of(const http::client& client, std::string url) {
  http::request what("GET", std::move(url));
  return visit_of(client, std::move(what));
}

/// Every name is at 127.0.0.1, but far.example.org.
template <class F>
void run_with_names(F body) {
  run_real([body]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    net::resolver::of(executor).use_lookup([](const std::string& host) {
      net::lookup_answer answer;
      answer.addresses = {*net::endpoint::parse(host == "far.example.org" ? "127.0.0.2" : "127.0.0.1", 0)};
      return answer;
    });
    co_await body();
  });
}

/// The connections that requests to two names took, with these options.
std::size_t connections_with(http::client_options options) {
  const many_names site;
  std::size_t out = 0;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(options);
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    const visit second = co_await visit_of(client, site.url("b.example.org"));
    CHECK(first.host == "a.example.org");
    CHECK(second.host == "b.example.org");
    out = first.connection == second.connection ? 1 : 2;
  });
  return out;
}

}  // namespace

TEST_CASE("h2 coalescing: a name that the certificate covers shares the connection of another") {
  if (!have("nginx")) return;
  const many_names site;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(trusting());
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    const visit second = co_await visit_of(client, site.url("b.example.org"));
    const visit third = co_await visit_of(client, site.url("localhost"));
    const visit fourth = co_await visit_of(client, site.url("127.0.0.1"));
    const visit again = co_await visit_of(client, site.url("a.example.org"));
    CHECK(first.host == "a.example.org");
    CHECK(second.host == "b.example.org");
    CHECK(third.host == "localhost");
    CHECK(fourth.host == "127.0.0.1");
    for (const visit* one : {&second, &third, &fourth, &again}) CHECK(one->connection == first.connection);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2 coalescing: a name that the certificate does not cover never shares") {
  if (!have("nginx")) return;
  const many_names site;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(trusting());
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    CHECK(first.status == 200);
    for (const char* const host : {"other.example.com", "example.org", "a.b.example.org"}) {
      const visit other = co_await visit_of(client, site.url(host));
      CHECK(other.failure == "tls_failed");
    }
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2 coalescing: a name at another address never shares") {
  if (!have("nginx")) return;
  const many_names site;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(trusting());
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    CHECK(first.status == 200);
    const visit far = co_await visit_of(client, site.url("far.example.org"));
    CHECK(far.failure == "connect_failed");  // nobody listens there
  });
}

TEST_CASE("h2 coalescing: what is answered with 421 is asked again over a connection of its own") {
  if (!have("nginx")) return;
  const many_names site;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(trusting());
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    http::request post("POST", site.url("moved.example.org"));
    post.body("text", "text/plain");
    const visit moved = co_await visit_of(client, std::move(post));
    CHECK(moved.status == 200);
    CHECK(moved.host == "moved.example.org");
    CHECK(moved.connection != first.connection);
    const visit again = co_await visit_of(client, site.url("moved.example.org"));
    CHECK(again.connection == moved.connection);
    const visit other = co_await visit_of(client, site.url("b.example.org"));
    CHECK(other.status == 200);
  });
}

TEST_CASE("h2 coalescing: 421 over a connection of its own is the response") {
  if (!have("nginx")) return;
  const many_names site;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(trusting());
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    CHECK(first.status == 200);
    for (int i = 0; i < 2; ++i) {
      const visit strict = co_await visit_of(client, site.url("strict.example.org"));
      CHECK(strict.status == 421);
    }
    const std::string pool = co_await pool_of(client);
    CHECK(pool == "[hosts: 2 | connections: 0 active, 2 idle | waiting: 0]");
  });
}

TEST_CASE("h2 coalescing: many requests to many names at once") {
  if (!have("nginx")) return;
  const many_names site;
  run_with_names([&]() -> awaitable<void> {
    const http::client client(trusting());
    const visit first = co_await visit_of(client, site.url("a.example.org"));
    std::size_t good = 0;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 60; ++i) {
        group.spawn([&, i]() -> awaitable<void> {
          const std::string host = std::string(1, static_cast<char>('b' + i % 6)) + ".example.org";
          const visit one = co_await visit_of(client, site.url(host));
          if (one.host == host && one.connection == first.connection) ++good;
        });
      }
      co_return;
    });
    CHECK(good == 60);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2 coalescing: options that make a connection different forbid it") {
  if (!have("nginx")) return;
  const certificates& all = certificates::shared();
  http::client_options options = trusting();
  CHECK(connections_with(options) == 1);
  options.http2.coalesce = false;
  CHECK(connections_with(options) == 2);
  options = trusting();
  options.tls.certificate(all.chain("other"), all.key("other"));
  CHECK(connections_with(options) == 2);
  options = trusting();
  options.tls.pinned_keys(all.pin("good"));
  CHECK(connections_with(options) == 2);
  options = trusting();
  options.tls.verify(false);
  CHECK(connections_with(options) == 2);
}
