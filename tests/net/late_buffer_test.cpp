#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tls_fixture.hpp"

using namespace net_test;

namespace {

/// Room that counts: how often it is held, and whether it is now.
struct counted_room final : braid::net::late_buffer {
  std::array<char, 64> memory{};
  int taken = 0;
  bool held = false;

  asio::mutable_buffer take() override {
    ++taken;
    held = true;
    return asio::buffer(memory);
  }
  void put_back() noexcept override { held = false; }
};

awaitable<void> read_late(transport& from, counted_room& room, std::optional<io_result>& result) {
  io_wait io;
  co_await io.read_some(from, room);
  result = io.result;
}

/// A reader that has nothing to read holds nothing; what comes is in the room it then takes; the end takes none away.
awaitable<void> wait_without_room(transport& reader, transport& peer) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  counted_room room;
  for (const std::string text : {"first", "second"}) {
    std::optional<io_result> got;
    task reading;
    reading.start(executor, read_late(reader, room, got));
    for (int turn = 0; turn < 20; ++turn) co_await yield();
    CHECK_FALSE(reading.done);
    CHECK_FALSE(room.held);
    const int before = room.taken;
    co_await write_text(peer, text);
    while (!reading.done) co_await yield();
    REQUIRE(got);
    CHECK(got->ok());
    CHECK(room.held);
    CHECK(room.taken > before);
    CHECK(std::string(room.memory.data(), got->size) == text);
  }
  std::optional<io_result> got;
  task reading;
  reading.start(executor, read_late(reader, room, got));
  for (int turn = 0; turn < 20; ++turn) co_await yield();
  CHECK_FALSE(room.held);
  reading.cancel();
  while (!reading.done) co_await yield();
  CHECK(got->error == asio::error::operation_aborted);
}

}  // namespace

TEST_CASE("a socket that waits holds no memory for what it will read") {
  run([]() -> awaitable<void> {
    auto [reader, peer] = co_await connected();
    CHECK(reader->takes_room_late());
    co_await wait_without_room(*reader, *peer);
  }());
}

TEST_CASE("a TLS stream that waits holds no memory for what it will read") {
  run([]() -> awaitable<void> {
    handshake both;
    co_await both.run();
    REQUIRE(both.ends.first);
    CHECK(both.ends.first->takes_room_late());
    co_await wait_without_room(*both.ends.first, *both.ends.second);
  }());
}

TEST_CASE("what is there already is read into room taken at once") {
  run([]() -> awaitable<void> {
    auto [reader, peer] = co_await connected();
    co_await write_text(*peer, "here");
    for (int turn = 0; turn < 20; ++turn) co_await yield();
    counted_room room;
    std::optional<io_result> got;
    co_await read_late(*reader, room, got);
    CHECK(got->size == 4);
    CHECK(std::string(room.memory.data(), 4) == "here");
  }());
}
