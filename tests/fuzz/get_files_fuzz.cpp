// What braid-get reads beside responses: cookie files, Set-Cookie fields as curl takes them, patterns of URLs.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../apps/get/cookie_box.hpp"
#include "../../apps/get/get_error.hpp"
#include "../../apps/get/glob.hpp"

using namespace braid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::int64_t now = 1'800'000'000;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const url from = url::parse("http://www.example.co.uk/a/b");
  get::cookie_box box;
  box.read(text, true, now);
  const std::string line = box.line_for(from, now);
  if (line.size() > 8190) __builtin_trap();
  get::cookie_box again;
  again.read(box.write(now), true, now);
  try {
    const get::glob_pattern pattern = get::glob_pattern::parse(text);
    for (const std::uint64_t n : {std::uint64_t{0}, pattern.size() / 2, pattern.size() - 1}) {
      get::fill_in("#1#<a>", pattern.at(n));
    }
  } catch (const get::get_error&) {
  }
  return 0;
}
