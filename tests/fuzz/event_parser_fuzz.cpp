// An event stream comes from a server, in pieces of any size: what it is cut into changes nothing.
#include <braid/core/error.hpp>
#include <braid/http/event_source.hpp>
#include <cstdlib>
#include <vector>

namespace {

std::vector<std::string> events_of(std::string_view bytes, std::size_t piece) {
  braid::http::event_parser parser(4096);
  std::vector<std::string> out;
  try {
    for (std::size_t at = 0; at < bytes.size(); at += piece) parser.feed(bytes.substr(at, piece));
  } catch (const braid::limit_error&) {
    out.push_back("limit");
  }
  while (auto event = parser.next()) out.push_back(event->type + '|' + event->id + '|' + event->data);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (events_of(bytes, size + 1) != events_of(bytes, 1)) std::abort();
  return 0;
}
