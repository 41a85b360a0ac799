// Responses read leniently, challenges and netrc files, of any bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <braid/core/error.hpp>
#include <braid/http/digest.hpp>
#include <braid/http/netrc.hpp>

#include "client/response_decoder.hpp"

using namespace braid::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  wire_form form;
  form.lenient = true;
  form.raw_body = size % 3 == 0;
  form.http_0_9 = size % 5 == 0;
  response_decoder decoder;
  decoder.start(false, &form);
  for (std::string_view rest = text;;) {
    const auto what = decoder.decode(rest);
    rest.remove_prefix(decoder.consumed());
    if (what == response_decoder::event::need_more) decoder.finish(rest);
    if (what != response_decoder::event::head && what != response_decoder::event::body) break;
  }
  for (const auth_challenge& one : parse_challenges(text)) {
    const auto digest = digest_challenge::of(one);
    if (digest) digest->answer({"u", "p"}, "GET", "/", "c", 1);
  }
  try {
    find_netrc(text, "host", "login");
  } catch (const braid::invalid_argument&) {
  }
  return 0;
}
