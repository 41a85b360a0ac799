#pragma once

#include <catch2/catch.hpp>

#include "net_fixture.hpp"

// Operations of a transport that have not ended, whatever the transport.
namespace net_test {

/// Reads one byte and keeps how that ended, a cancellation too.
inline awaitable<void> read_one(transport& from, std::optional<io_result>& result) {
  char byte = 0;
  io_wait io;
  co_await io.read_some(from, asio::buffer(&byte, 1));
  result = io.result;
}

constexpr std::size_t much = 32 * 1024 * 1024;

/// Writes more than the other end takes in unread.
inline awaitable<void> write_much(transport& to, std::optional<io_result>& result) {
  const std::string text(much, 'x');
  io_wait io;
  const asio::const_buffer buffer = asio::buffer(text);
  co_await io.write(to, std::span(&buffer, 1));
  result = io.result;
}

inline awaitable<void> yield_often() {
  for (int i = 0; i < 30; ++i) co_await yield();
}

/// A read and a write of the first end wait; "cancel", "close" or "destroy" ends both.
inline awaitable<void> end_both(stream_pair& ends, std::string way) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::optional<io_result> read;
  std::optional<io_result> written;
  task reader;
  task writer;
  reader.start(executor, read_one(*ends.first, read));
  writer.start(executor, write_much(*ends.first, written));
  co_await yield_often();
  if (way == "cancel") ends.first->cancel();
  if (way == "close") ends.first->close();
  if (way == "destroy") ends.first.reset();
  while (!reader.done || !writer.done) co_await yield();
  CHECK(read->error == asio::error::operation_aborted);
  CHECK(written->error == asio::error::operation_aborted);
}

/// A coroutine that reads from the first end of what `make` gives is destroyed with its context.
inline void goes_with_context(awaitable<stream_pair> (*make)()) {
  const auto alive = std::make_shared<int>(0);
  {
    asio::io_context context;
    asio::co_spawn(
        context,
        [](std::shared_ptr<int>, awaitable<stream_pair> making) -> awaitable<void> {
          stream_pair ends = co_await std::move(making);
          std::optional<io_result> result;
          co_await read_one(*ends.first, result);
        }(alive, make()),
        [](std::exception_ptr) {});
    for (int i = 0; i < 100; ++i) context.poll();
    CHECK(alive.use_count() == 2);
  }
  CHECK(alive.use_count() == 1);
}

}  // namespace net_test
