// libFuzzer target: netrc files of any bytes, looked through for one host and for another.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <braid/core/error.hpp>
#include <braid/http/netrc.hpp>

using namespace braid::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    find_netrc(text, "host");
    const auto named = find_netrc(text, "example.org", "me");
    if (named && named->login != "me") std::abort();
  } catch (const braid::invalid_argument&) {
  }
  return 0;
}
