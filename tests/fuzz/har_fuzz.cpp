// An HTTP archive comes from outside: whatever it is, it is read or refused.
#include <braid/core/error.hpp>
#include <braid/http/har.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  try {
    braid::http::har_player::parse({reinterpret_cast<const char*>(data), size});
  } catch (const braid::invalid_argument&) {
  }
  return 0;
}
