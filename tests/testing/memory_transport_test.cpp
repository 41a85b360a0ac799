#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/testing/memory_transport.hpp>
#include <catch2/catch.hpp>
#include <optional>

namespace asio = boost::asio;
using braid::net::io_result;
using braid::net::transport;
using braid::testing::memory_transport;
template <class T>
using awaitable = asio::awaitable<T>;

namespace {

struct reading {
  std::string text;
  io_result last;
  std::size_t reads = 0;
};

awaitable<void> read_to_end(transport& from, reading& into) {
  std::array<char, 1000> buffer;
  while (!into.last.error) {
    into.last = co_await from.read_some(asio::buffer(buffer));
    into.text.append(buffer.data(), into.last.size);
    ++into.reads;
  }
}

awaitable<void> write_text(transport& to, std::string text, io_result& result) {
  result = co_await to.write(asio::buffer(text));
}

void spawn(asio::io_context& context, awaitable<void> body) {
  asio::co_spawn(context, std::move(body), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

}  // namespace

TEST_CASE("what one end of a memory connection writes the other reads, then the end of the stream") {
  asio::io_context context;
  auto [client, server] = memory_transport::make_pair();
  reading got;
  io_result sent;
  spawn(context, read_to_end(*server, got));
  context.poll();
  CHECK_FALSE(server->is_quiet());
  CHECK(client->is_quiet());
  spawn(context, write_text(*client, "hello", sent));
  context.restart();
  context.poll();
  CHECK(sent.size == 5);
  CHECK(got.text == "hello");
  client->close();
  context.restart();
  context.poll();
  CHECK(got.last.error == asio::error::eof);
  CHECK_FALSE(client->is_open());
  CHECK_FALSE(server->is_quiet());
}

TEST_CASE("a write larger than the memory connection's capacity waits for the reader") {
  asio::io_context context;
  auto [client, server] = memory_transport::make_pair(10);
  io_result sent;
  reading got;
  spawn(context, write_text(*client, std::string(95, 'x'), sent));
  context.poll();
  CHECK(sent.size == 0);
  CHECK(server->unread().size() == 10);
  spawn(context, read_to_end(*server, got));
  context.restart();
  context.poll();
  CHECK(sent.size == 95);
  CHECK(got.text.size() == 95);
}

TEST_CASE("reads of a memory connection come in the sizes asked for") {
  asio::io_context context;
  auto [client, server] = memory_transport::make_pair();
  server->read_sizes({3, 1, 2});
  io_result sent;
  reading got;
  spawn(context, write_text(*client, "abcdefgh", sent));
  context.poll();
  client->close();
  spawn(context, read_to_end(*server, got));
  context.restart();
  context.run();
  CHECK(got.text == "abcdefgh");
  CHECK(got.reads == 5);  // 3 + 1 + 2 + 2, end
}

TEST_CASE("a reset of a memory connection fails both directions of the other end") {
  asio::io_context context;
  auto [client, server] = memory_transport::make_pair();
  reading got;
  io_result sent;
  spawn(context, read_to_end(*client, got));
  context.poll();
  server->reset();
  spawn(context, write_text(*client, "late", sent));
  context.restart();
  context.run();
  CHECK(got.last.error == asio::error::connection_reset);
  CHECK(sent.error == asio::error::connection_reset);
}

TEST_CASE("cancel ends what waits at one end of a memory connection, which stays usable") {
  asio::io_context context;
  auto [client, server] = memory_transport::make_pair();
  reading cancelled;
  spawn(context, read_to_end(*client, cancelled));
  context.poll();
  client->cancel();
  context.restart();
  context.run();
  CHECK(cancelled.last.error == asio::error::operation_aborted);

  reading got;
  io_result sent;
  spawn(context, read_to_end(*client, got));
  spawn(context, write_text(*server, "still here", sent));
  context.restart();
  context.poll();
  CHECK(got.text == "still here");
}

TEST_CASE("coroutines that wait in a memory connection go with their context") {
  auto context = std::make_optional<asio::io_context>();
  auto alive = std::make_shared<int>(1);
  spawn(*context, [](std::shared_ptr<int>) -> awaitable<void> {
    auto ends = memory_transport::make_pair();
    char byte = 0;
    co_await ends.first->read_some(asio::buffer(&byte, 1));
  }(alive));
  context->poll();
  CHECK(alive.use_count() == 2);
  context.reset();
  CHECK(alive.use_count() == 1);
}
