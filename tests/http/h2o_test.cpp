// The client over HTTP/2 against h2o, over TLS and from HTTP/1.1.
#include "nginx_fixture.hpp"

using namespace client_tests;

namespace {

server_program::arguments h2o(const scratch_folder& files, bool tls) {
  return [&files, tls](std::uint16_t port) {
    const certificates& all = certificates::shared();
    std::string text = "listen:\n  host: 127.0.0.1\n  port: " + std::to_string(port) + "\n";
    if (tls) {
      text += "  ssl:\n    certificate-file: " + all.chain("good") + "\n    key-file: " + all.key("good") +
              "\n    ocsp-update-interval: 0\n";
    }
    text += "num-threads: 1\nhosts:\n  default:\n    paths:\n      /:\n        file.dir: " + files.file("") + "\n";
    if (geteuid() == 0) text += "user: root\n";
    const std::string path = files.file("h2o.conf");
    scratch_folder::put(path, text);
    return std::vector<std::string>{"-m", "worker", "-c", path};
  };
}

/// `count` requests at once, each for its own file.
awaitable<std::size_t> ask_many(const http::client& client, const server_program& server, std::size_t count) {
  std::size_t good = 0;
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (std::size_t i = 0; i < count; ++i) {
      group.spawn([&, i]() -> awaitable<void> {
        const std::string name = i % 2 == 0 ? "/small" : "/large";
        const http::response got = co_await client.get(server.url("https", name));
        if (got.version() == 20 && got.body().size() == (i % 2 == 0 ? 11 : 1'000'000)) ++good;
      });
    }
    co_return;
  });
  co_return good;
}

}  // namespace

TEST_CASE("h2o: small and large bodies at once over one connection") {
  if (!have("h2o")) return;
  const scratch_folder files;
  scratch_folder::put(files.file("small"), "a small one");
  scratch_folder::put(files.file("large"), std::string(1'000'000, 'x'));
  const server_program server(find_program("h2o"), h2o(files, true));
  run_real([&]() -> awaitable<void> {
    const http::client client(trusting());
    const http::response first = co_await client.get(server.url("https", "/small"));
    CHECK(first.version() == 20);
    const std::size_t good = co_await ask_many(client, server, 60);
    CHECK(good == 60);
    const http::response none = co_await client.get(server.url("https", "/none"));
    CHECK(none.status() == 404);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2o: from HTTP/1.1 to HTTP/2 without TLS") {
  if (!have("h2o")) return;
  const scratch_folder files;
  scratch_folder::put(files.file("small"), "a small one");
  const server_program server(find_program("h2o"), h2o(files, false));
  run_real([&]() -> awaitable<void> {
    http::client_options options;
    options.http_version = http::protocol_choice::http2_upgrade;
    const http::client client(options);
    for (int i = 0; i < 3; ++i) {
      const http::response got = co_await client.get(server.url("http", "/small"));
      CHECK(got.version() == 20);
      CHECK(got.body() == "a small one");
      CHECK(got.timings().reused == (i > 0));
    }
    http::request what("HEAD", server.url("http", "/small"));
    const http::response head = co_await client.send(std::move(what));
    CHECK(head.header("Content-Length") == "11");
    CHECK(head.body().empty());
  });
}
