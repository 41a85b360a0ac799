#include "input_buffer.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>

using braid::http::input_buffer;
using braid::http::spare_blocks;

namespace {

/// As if a read had brought `text`.
void receive(input_buffer& input, const std::string& text) {
  const boost::asio::mutable_buffer room = input.take();
  REQUIRE(room.size() >= text.size());
  std::memcpy(room.data(), text.data(), text.size());
  input.commit(text.size());
}

}  // namespace

TEST_CASE("a buffer that holds bytes keeps them when it is told to put back") {
  input_buffer input;
  receive(input, "GET / HT");
  input.consume(4);
  input.put_back();
  input.rest();
  CHECK(input.view() == "/ HT");
  receive(input, "TP/1.1");
  CHECK(input.view() == "/ HTTP/1.1");
}

TEST_CASE("one that holds none hands its block on") {
  input_buffer first;
  receive(first, "abc");
  const void* const block = first.view().data();
  first.consume(3);
  first.put_back();
  CHECK(first.view().empty());
  input_buffer second;
  CHECK(second.take().data() == block);
}

TEST_CASE("reads that fill a buffer make it larger, up to 64 KiB, and rest makes it a block again") {
  input_buffer input;
  std::size_t most = 0;
  for (int i = 0; i < 8; ++i) {
    const std::size_t size = input.take().size();
    most = std::max(most, size);
    input.commit(size);
    input.consume(size);
    input.put_back();
  }
  CHECK(most == 64 * 1024);
  input.rest();
  CHECK(input.take().size() == spare_blocks::block);
}

TEST_CASE("a head larger than a block is kept whole") {
  input_buffer input;
  std::string all;
  while (all.size() < 3 * spare_blocks::block) {
    const std::string piece(input.take().size(), static_cast<char>('a' + all.size() % 26));
    receive(input, piece);
    all += piece;
  }
  CHECK(input.view() == all);
}
