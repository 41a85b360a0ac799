#include <boost/asio/strand.hpp>
#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>
#include <braid/testing/memory_transport.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "certificates.hpp"
#include "pending_fixture.hpp"

// What a TLS stream does with operations that have not ended, and over streams other than sockets.

using namespace net_test;
using braid::net::tls_options;
using braid::testing::memory_transport;

namespace {

awaitable<void> accept_tls(std::unique_ptr<transport> raw, std::unique_ptr<transport>& into) {
  const certificates& files = certificates::shared();
  auto options = tls_options().certificate(files.chain("good"), files.key("good"));
  into = co_await braid::net::tls_accept(std::move(raw), options);
}

/// Both ends of a TLS connection over `raw`.
awaitable<stream_pair> secured(stream_pair raw) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  stream_pair ends;
  task server;
  server.start(executor, accept_tls(std::move(raw.second), ends.second));
  auto options = tls_options().ca_file(certificates::shared().ca());
  ends.first = co_await braid::net::tls_connect(std::move(raw.first), "localhost", options);
  while (!server.done) co_await yield();
  co_return ends;
}

awaitable<stream_pair> secured_sockets() {
  stream_pair raw = co_await connected();
  stream_pair ends = co_await secured(std::move(raw));
  co_return ends;
}

}  // namespace

TEST_CASE("TLS runs over memory, byte by byte and through a narrow pipe") {
  run([]() -> awaitable<void> {
    auto [left, right] = memory_transport::make_pair(4000);  // session tickets fit: nobody reads them yet
    left->read_sizes({1});
    right->read_sizes({7, 1, 3});
    stream_pair raw(std::move(left), std::move(right));
    auto [client, server] = co_await secured(std::move(raw));
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const std::string text(50000, 'm');
    task writer;
    writer.start(executor, [](transport& to, const std::string& what) -> awaitable<void> {
      co_await write_text(to, what);
      co_await to.shutdown_send();
    }(*server, text));
    const std::string got = co_await read_exactly(*client, text.size());
    CHECK((got == text));
    std::optional<io_result> end;
    co_await read_one(*client, end);
    CHECK(end->error == asio::error::eof);
    while (!writer.done) co_await yield();
  }());
}

TEST_CASE("cancelling a TLS read leaves the stream usable") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await secured_sockets();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::optional<io_result> result;
    task reader;
    reader.start(executor, read_one(*client, result));
    co_await yield_often();
    CHECK_FALSE(result);
    reader.cancel();
    while (!reader.done) co_await yield();
    CHECK(result->error == asio::error::operation_aborted);
    co_await write_text(*server, "xy");
    const std::string got = co_await read_exactly(*client, 2);
    CHECK(got == "xy");
    co_await write_text(*client, "z");
    const std::string back = co_await read_exactly(*server, 1);
    CHECK(back == "z");
  }());
}

TEST_CASE("a pending TLS read lets writes through, and the other way round") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await secured_sockets();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::optional<io_result> read;
    std::optional<io_result> written;
    task reader;
    task writer;
    reader.start(executor, read_one(*client, read));
    writer.start(executor, write_much(*client, written));
    co_await yield_often();
    CHECK_FALSE(written);
    co_await write_text(*server, "x");
    while (!reader.done) co_await yield();
    CHECK(read->ok());
    CHECK_FALSE(written);
    const std::string got = co_await read_exactly(*server, much);
    CHECK(got.size() == much);
    while (!writer.done) co_await yield();
    CHECK(written->ok());
  }());
}

TEST_CASE("cancel, close and destruction end what is pending in a TLS stream") {
  for (const std::string how : {"cancel", "close", "destroy"}) {
    run([](std::string way) -> awaitable<void> {
      stream_pair ends = co_await secured_sockets();
      co_await end_both(ends, way);
      if (!ends.first) co_return;
      std::optional<io_result> late;
      co_await write_much(*ends.first, late);
      CHECK_FALSE(late->ok());  // half a record may be out: no more
    }(how));
  }
}

TEST_CASE("coroutines that wait in a TLS stream go with their context") { goes_with_context(secured_sockets); }

TEST_CASE("a cancelled handshake throws operation_aborted") {
  run([]() -> awaitable<void> {
    stream_pair raw = co_await connected();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    task client;
    client.start(executor, [](std::unique_ptr<transport> below) -> awaitable<void> {
      auto stream = co_await braid::net::tls_connect(std::move(below), "localhost", tls_options());
    }(std::move(raw.first)));
    co_await yield_often();
    CHECK_FALSE(client.done);
    client.cancel();
    while (!client.done) co_await yield();
    CHECK(braid::is_cancelled(client.failure));
  }());
}

TEST_CASE("an idle TLS connection is quiet until the peer says goodbye") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await secured_sockets();
    co_await write_text(*server, "answer");  // with it come the session tickets
    const std::string got = co_await read_exactly(*client, 6);
    CHECK(got == "answer");
    CHECK(client->is_quiet());
    CHECK(server->is_quiet());
    co_await server->shutdown_send();
    co_await yield_often();
    CHECK_FALSE(client->is_quiet());
  }());
}

TEST_CASE("TLS completes inside the strand of its coroutine") {
  asio::io_context context;
  std::atomic<int> left = 4;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 4; ++i) {
    const auto strand = asio::make_strand(context);
    asio::co_spawn(
        strand,
        [](asio::strand<asio::io_context::executor_type> mine) -> awaitable<void> {
          auto [client, server] = co_await secured_sockets();
          for (int round = 0; round < 100; ++round) {
            co_await write_text(*client, "ping");
            const std::string got = co_await read_exactly(*server, 4);
            if (got != "ping" || !mine.running_in_this_thread()) throw std::runtime_error("outside of the strand");
          }
        }(strand),
        [&](std::exception_ptr failure) {
          if (failure) ++failed;
          --left;
        });
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { context.run(); });
  for (std::thread& one : threads) one.join();
  CHECK(left == 0);
  CHECK(failed == 0);
}
