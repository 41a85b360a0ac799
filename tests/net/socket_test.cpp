#include <catch2/catch.hpp>

#include "net_fixture.hpp"

using namespace net_test;

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

}  // namespace

TEST_CASE("bytes written at one end of a TCP connection are read at the other") { run(exchange(loopback())); }
