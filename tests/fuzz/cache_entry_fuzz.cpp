// libFuzzer target: files of the disk cache, as they are and as heads behind the right checksums.
#include <zlib.h>

#include <cstdint>
#include <cstdlib>

#include "cache/entry_format.hpp"

namespace {

std::string number(std::uint64_t value) {
  std::string out;
  for (int i = 0; i < 32; i += 8) out += static_cast<char>((value >> i) & 0xff);
  return out;
}

void check(std::string_view file) {
  const auto read = braid::http::read_entry(file);
  if (read && braid::http::write_entry(*read) != file) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(text);
  check("braid-cache 1\n" + number(size) + number(crc32_z(0, data, size)) + text + number(crc32_z(0, nullptr, 0)));
  return 0;
}
