// The first byte chooses an engine; the rest is a page for it, and a definition. A record is always valid JSON.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <braid/core/error.hpp>
#include <braid/serp/parse.hpp>
#include <braid/serp/registry.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace braid;
  static const auto engines = serp::registry::builtin();
  static const auto names = engines.names();
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const auto record = serp::parse_page(engines.find(names[data[0] % names.size()]), rest);
    record.json.dump();
  } catch (const limit_error&) {
  }
  try {
    serp::engine::load(rest, "fuzz.json");
  } catch (const invalid_argument&) {
  }
  return 0;
}

// MyHTML moves text within a buffer by memcpy (the target lies before the source, which every C library in use copies
// right). AddressSanitizer reports it although the library is not instrumented.
extern "C" const char* __asan_default_suppressions() { return "interceptor_via_lib:libmodest"; }
