// libFuzzer target: saved pages of any bytes, packed or not. What is unpacked stays within its bound; what was packed
// comes back.
#include <braid/core/error.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "packed_page.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1 << 20;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try {
    if (braid::fetch::unpack_page(input, "page", most).size() > most) std::abort();
  } catch (const braid::error&) {
  }
  if (braid::fetch::unpack_page(braid::fetch::pack_page(input), "page") != input) std::abort();
  return 0;
}
