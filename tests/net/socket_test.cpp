#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <braid/core/error.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>
#include <vector>

#include "pending_fixture.hpp"

using namespace net_test;
using Catch::Contains;

namespace {

awaitable<void> exchange(endpoint at) {
  auto [client, server] = co_await connected(at);
  const io_result sent = co_await write_text(*client, "hello");
  CHECK(sent.ok());
  CHECK(sent.size == 5);
  const std::string got = co_await read_exactly(*server, 5);
  CHECK(got == "hello");
  const std::string head = "a head, ";
  const std::string body = "a body";
  const std::array<asio::const_buffer, 3> parts{asio::buffer(head), asio::const_buffer(), asio::buffer(body)};
  const io_result gathered = co_await server->write(parts);
  CHECK(gathered.size == 14);
  const std::string answer = co_await read_exactly(*client, 14);
  CHECK(answer == "a head, a body");
}

/// A folder that goes away with the object, for Unix sockets.
struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "braid-net-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

}  // namespace

TEST_CASE("bytes written at one end of a TCP connection are read at the other") { run(exchange(loopback())); }

TEST_CASE("Unix sockets carry bytes, and take over a path that nobody listens on any more") {
  const folder here;
  const endpoint at = endpoint::unix_path(here.path + "/socket");
  CHECK(at.str() == "unix:" + here.path + "/socket");
  run(exchange(at));
  run(exchange(at));
}

TEST_CASE("a path that somebody listens on is refused") {
  const folder here;
  const endpoint at = endpoint::unix_path(here.path + "/socket");
  asio::io_context context;
  braid::net::listener first(context.get_executor(), at);
  CHECK_THROWS_WITH(braid::net::listener(context.get_executor(), at), Contains("Address already in use"));
}

TEST_CASE("the end of the stream is eof, and a half close leaves the other direction open") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    co_await client->shutdown_send();
    char byte = 0;
    const io_result end = co_await server->read_some(asio::buffer(&byte, 1));
    CHECK(end.error == asio::error::eof);
    co_await write_text(*server, "still");
    const std::string got = co_await read_exactly(*client, 5);
    CHECK(got == "still");
  }());
}

TEST_CASE("bytes and the end of the stream that arrive together are both seen") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    std::array<char, 100> room;  // more than comes, so that the first read takes all there is
    co_await write_text(*server, "last words");
    server->close();
    co_await yield_often();
    const io_result bytes = co_await client->read_some(asio::buffer(room));
    CHECK(bytes.size == 10);
    const io_result end = co_await client->read_some(asio::buffer(room));
    CHECK(end.error == asio::error::eof);
  }());
}

TEST_CASE("a request to a peer that closed after its last answer does not wait for another") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    std::array<char, 100> room;
    for (int round = 0; round < 2; ++round) {
      co_await write_text(*client, "question");
      const std::string question = co_await read_exactly(*server, 8);
      co_await write_text(*server, "answer");
      if (round == 1) server->close();
      co_await yield_often();
      const io_result answer = co_await client->read_some(asio::buffer(room));
      CHECK(answer.size == 6);
    }
    co_await write_text(*client, "question");
    const io_result end = co_await client->read_some(asio::buffer(room));
    CHECK(end.error);
  }());
}

TEST_CASE("a stream read in small pieces after a write gives every byte") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    std::array<char, 3> room;
    std::string got;
    co_await write_text(*client, "go");
    co_await write_text(*server, "0123456789");
    co_await yield_often();
    while (got.size() < 10) {
      const io_result part = co_await client->read_some(asio::buffer(room));
      got.append(room.data(), part.size);
      if (got.size() == 6) co_await write_text(*client, "on");
    }
    CHECK(got == "0123456789");
  }());
}

TEST_CASE("a reset is an error of the read, and writes after it fail") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    co_await write_text(*client, "unread");
    co_await yield_often();
    server.reset();  // with bytes unread, the kernel sends a reset
    char byte = 0;
    const io_result end = co_await client->read_some(asio::buffer(&byte, 1));
    CHECK(end.error == asio::error::connection_reset);
    const io_result sent = co_await write_text(*client, "late");
    CHECK(sent.error == asio::error::broken_pipe);
  }());
}

TEST_CASE("a write of more than the socket takes waits for the reader and arrives whole") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    task writer;
    std::string text(20 * 1000 * 1000, ' ');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
    writer.start(executor, [](transport& to, const std::string& what) -> awaitable<void> {
      std::vector<asio::const_buffer> parts;
      for (std::size_t i = 0; i < what.size(); i += 500000) parts.push_back(asio::buffer(what.data() + i, 500000));
      io_wait io;
      co_await io.write(to, parts);
      CHECK(io.result.ok());
      CHECK(io.result.size == what.size());
    }(*client, text));
    const std::string got = co_await read_exactly(*server, text.size());
    CHECK((got == text));
    while (!writer.done) co_await yield();
  }());
}

TEST_CASE("cancelling the coroutine ends its read, and the stream stays usable") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::optional<io_result> result;
    task reader;
    reader.start(executor, read_one(*client, result));
    co_await yield_often();
    CHECK_FALSE(result);
    reader.cancel();
    while (!reader.done) co_await yield();
    REQUIRE(result);
    CHECK(result->error == asio::error::operation_aborted);
    co_await write_text(*server, "x");
    const std::string got = co_await read_exactly(*client, 1);
    CHECK(got == "x");
  }());
}

TEST_CASE("an operation begun after the cancellation ends at once") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::optional<io_result> first;
    std::optional<io_result> second;
    task reader;
    reader.start(executor,
                 [](transport& from, std::optional<io_result>& one, std::optional<io_result>& two) -> awaitable<void> {
                   co_await asio::this_coro::throw_if_cancelled(false);
                   co_await read_one(from, one);
                   co_await read_one(from, two);
                 }(*client, first, second));
    co_await yield_often();
    reader.cancel();
    while (!reader.done) co_await yield();
    REQUIRE(second);
    CHECK(second->error == asio::error::operation_aborted);
  }());
}

TEST_CASE("cancelling a read leaves the pending write alone, and the other way round") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    std::optional<io_result> read;
    std::optional<io_result> written;
    task reader;
    task writer;
    reader.start(executor, read_one(*client, read));
    writer.start(executor, write_much(*client, written));
    co_await yield_often();
    CHECK_FALSE(written);
    reader.cancel();
    while (!reader.done) co_await yield();
    CHECK(read->error == asio::error::operation_aborted);
    co_await yield_often();
    CHECK_FALSE(written);

    task again;
    read.reset();
    again.start(executor, read_one(*client, read));
    co_await yield_often();
    writer.cancel();
    while (!writer.done) co_await yield();
    CHECK(written->error == asio::error::operation_aborted);
    CHECK(written->size > 0);
    CHECK(written->size < much);
    co_await yield_often();
    CHECK_FALSE(read);
    co_await write_text(*server, "x");
    while (!again.done) co_await yield();
    CHECK(read->ok());
  }());
}

TEST_CASE("cancel, close and destruction end pending reads and writes") {
  for (const std::string how : {"cancel", "close", "destroy"}) {
    run([](std::string way) -> awaitable<void> {
      stream_pair ends = co_await connected();
      co_await end_both(ends, way);
      if (ends.first) CHECK(ends.first->is_open() == (way == "cancel"));
    }(how));
  }
}

TEST_CASE("coroutines that wait in a socket go with their context") {
  goes_with_context([] { return connected(); });
}

TEST_CASE("an idle connection is quiet until the peer closes or sends") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    CHECK(client->is_quiet());
    co_await write_text(*server, "unasked");
    co_await yield_often();
    CHECK_FALSE(client->is_quiet());
    auto [other, peer] = co_await connected();
    CHECK(other->is_quiet());
    peer->close();
    co_await yield_often();
    CHECK_FALSE(other->is_quiet());
    other->close();
    CHECK_FALSE(other->is_quiet());
  }());
}

TEST_CASE("operations of a coroutine on a strand complete inside the strand") {
  asio::io_context context;
  auto work = asio::make_work_guard(context);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { context.run(); });
  std::atomic<int> left = 8;
  std::atomic<int> failed = 0;  // Catch's assertions are for one thread
  for (int i = 0; i < 8; ++i) {
    const auto strand = asio::make_strand(context);
    asio::co_spawn(
        strand,
        [](asio::strand<asio::io_context::executor_type> mine) -> awaitable<void> {
          auto [client, server] = co_await connected();
          for (int round = 0; round < 200; ++round) {
            co_await write_text(*client, "ping");
            const std::string got = co_await read_exactly(*server, 4);
            if (got != "ping" || !mine.running_in_this_thread()) throw std::runtime_error("outside of the strand");
          }
          std::optional<io_result> result;
          task reader;
          reader.start(mine, read_one(*client, result));
          co_await yield_often();
          reader.cancel();
          while (!reader.done) co_await yield();
          if (!result || result->error != asio::error::operation_aborted) throw std::runtime_error("not cancelled");
        }(strand),
        [&](std::exception_ptr failure) {
          if (failure) ++failed;
          if (--left == 0) work.reset();
        });
  }
  for (std::thread& one : threads) one.join();
  CHECK(left == 0);
  CHECK(failed == 0);
}

TEST_CASE("an executor that belongs to no io_context is refused") {
  asio::thread_pool pool(1);
  std::exception_ptr failure;
  asio::co_spawn(pool, connected(), [&](std::exception_ptr thrown, stream_pair) { failure = thrown; });
  pool.join();
  REQUIRE(failure);
  CHECK_THROWS_AS(std::rethrow_exception(failure), braid::invalid_argument);
}

TEST_CASE("a refused connection says what was tried") {
  std::string message;
  try {
    run([]() -> awaitable<void> {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      endpoint at = loopback();
      {
        const braid::net::listener gone(executor, loopback());
        at = gone.local_endpoint();
      }
      auto stream = co_await braid::net::connect_socket(at);
    }());
  } catch (const braid::connect_error& failure) {
    message = failure.what();
  }
  CHECK_THAT(message, Contains("connect 127.0.0.1:") && Contains(": Connection refused"));
}

TEST_CASE("closing a listener ends its accept, and cancelling it loses no connection") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    const auto accept = [](braid::net::listener& from, std::unique_ptr<transport>& into) -> awaitable<void> {
      into = co_await from.accept();
    };
    std::unique_ptr<transport> accepted;
    task first;
    first.start(executor, accept(door, accepted));
    co_await yield_often();
    first.cancel();
    while (!first.done) co_await yield();
    CHECK(first.failure);
    auto client = co_await braid::net::connect_socket(door.local_endpoint());
    task second;
    second.start(executor, accept(door, accepted));
    while (!second.done) co_await yield();
    REQUIRE(accepted);
    CHECK_THAT(accepted->peer_description(), Contains("127.0.0.1:"));
    task third;
    third.start(executor, accept(door, accepted));
    co_await yield_often();
    door.close();
    while (!third.done) co_await yield();
    CHECK(third.failure);
  }());
}

TEST_CASE("a listener outlives a time without free descriptors") {
  run([]() -> awaitable<void> {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    braid::net::listener door(executor, loopback());
    auto client = co_await braid::net::connect_socket(door.local_endpoint());
    std::unique_ptr<transport> accepted;
    task acceptor;
    // The limit falls to what is open already: accept finds no free descriptor.
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int next = ::dup(0);
    ::close(next);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &tight);
    acceptor.start(executor, [](braid::net::listener& from, std::unique_ptr<transport>& into) -> awaitable<void> {
      into = co_await from.accept();
    }(door, accepted));
    co_await yield_often();
    const bool waited = !acceptor.done;
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(waited);
    while (!acceptor.done) co_await yield();
    CHECK(accepted);
  }());
}

TEST_CASE("several listeners share a port when told to") {
  asio::io_context context;
  braid::net::listen_options options;
  options.reuse_port = true;
  braid::net::listener one(context.get_executor(), loopback(), options);
  braid::net::listener two(context.get_executor(), one.local_endpoint(), options);
  CHECK(two.local_endpoint() == one.local_endpoint());
  CHECK_THROWS_AS(braid::net::listener(context.get_executor(), one.local_endpoint()), braid::connect_error);
}

TEST_CASE("a stream that always has more lets other coroutines run between reads") {
  run([]() -> awaitable<void> {
    auto [client, server] = co_await connected();
    co_await write_text(*server, std::string(1000, 'x'));
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    int turns = 0;
    bool done = false;
    task other;
    other.start(executor, [](int& counted, const bool& over) -> awaitable<void> {
      while (!over) {
        co_await yield();
        ++counted;
      }
    }(turns, done));
    for (int i = 0; i < 1000; ++i) {
      char byte = 0;
      co_await client->read_some(asio::buffer(&byte, 1));
    }
    done = true;
    CHECK(turns > 100);
    while (!other.done) co_await yield();
  }());
}
