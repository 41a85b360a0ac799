// libFuzzer target: the client's decoder of HTTP/1.1 responses, on any bytes. However they are cut, the same comes out;
// what comes out of a head is fit to be a header, and a body is as long as its header says.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <braid/http/headers.hpp>

#include "client/response_decoder.hpp"

using namespace braid::http;
using event = response_decoder::event;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string decode(std::string_view input, std::size_t step, bool to_head) {
  response_limits limits;
  limits.header_bytes = 1000;
  limits.header_count = 20;
  limits.informational = 3;
  limits.chunk_line_bytes = 100;
  response_decoder decoder(limits);
  std::string log;
  std::size_t begun = 0, there = 0;
  for (int message = 0; message < 3; ++message) {
    decoder.start(to_head);
    std::string body;
    for (event what = event::need_more;;) {
      what = decoder.decode(input.substr(begun, there - begun));
      begun += decoder.consumed();
      require(begun <= there);
      if (what == event::need_more) {
        if (there < input.size()) {
          there = std::min(there + step, input.size());
          continue;
        }
        what = decoder.finish(input.substr(begun));
        return log + body + (what == event::complete ? "|closed" : "|cut");
      }
      if (what == event::failed) return log + "|failed";
      if (what == event::head) {
        log += std::to_string(decoder.status()) + ";";
        for (const auto& field : decoder.fields()) {
          require(is_field_value(field.value));
          log.append(field.name).append(":").append(field.value).append(";");
        }
      }
      if (what == event::body) {
        require(!decoder.body().empty());
        body += decoder.body();
      }
      if (what == event::complete) break;
    }
    if (decoder.body_framing() == response_decoder::framing::length) require(body.size() == decoder.body_length());
    // What follows the last response of a connection is noticed where it comes along with that one's end.
    const bool more = !decoder.keep_alive() && !to_head && begun < input.size();
    if (more) return log + "|failed";
    log += body + "|";
    if (!decoder.keep_alive()) return log + "last";
  }
  return log;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool to_head = data[0] % 8 == 0;
  require(decode(input, size, to_head) == decode(input, 1 + data[0] / 8, to_head));
  return 0;
}
