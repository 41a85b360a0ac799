// libFuzzer target: the server's request parser on any bytes, whole and in pieces. Both must read the same requests, or
// refuse the same one; nothing may be consumed that is not there.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/request_parser.hpp"

namespace {

using braid::http::request_limits;
using braid::http::request_parser;

std::string read_all(std::string_view input, std::size_t step) {
  request_limits limits;
  limits.line_bytes = 256;
  limits.header_bytes = 1024;
  limits.header_count = 16;
  limits.body_bytes = 4096;
  limits.chunk_line_bytes = 128;
  request_parser parser(limits);
  std::string held, log;
  std::size_t given = 0;
  for (;;) {
    const auto what = parser.parse(held);
    if (parser.consumed() > held.size()) std::abort();
    const std::string body(parser.body());
    held.erase(0, parser.consumed());
    switch (what) {
      case request_parser::event::need_more:
        if (given == input.size()) return log;
        held += input.substr(given, step);
        given += std::min(step, input.size() - given);
        break;
      case request_parser::event::head:
        log += "\n" + parser.head().method + " " + parser.head().target + " " + parser.head().authority + " ";
        if (parser.head().chunked && parser.head().content_length) std::abort();
        break;
      case request_parser::event::body:
        log += body;
        break;
      case request_parser::event::complete:
        log += ".";
        parser.next();
        break;
      // A refusal may come earlier in pieces than whole, and says something else then; that it comes is the same.
      case request_parser::event::failed:
        return log + "!";
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = 1 + data[0] % 16;
  if (read_all(input, size) != read_all(input, step)) std::abort();
  return 0;
}
