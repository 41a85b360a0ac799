// libFuzzer target: challenges of servers. The answer to one is fit to be a field's value if the challenge was, and is
// read again as one set of credentials, whatever stood in realm and nonce.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <braid/http/digest.hpp>
#include <braid/http/headers.hpp>

using namespace braid::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool sound = is_field_value(text);
  for (const auth_challenge& one : parse_challenges(text)) {
    if (one.scheme.empty()) std::abort();
    const auto wanted = digest_challenge::of(one);
    if (!wanted) continue;
    const std::string answer = wanted->answer({"us\"er", "pass"}, "GET", "/path?\"q", "cnonce", 1);
    if (sound && !is_field_value(answer)) std::abort();
    const auto back = parse_challenges(answer);
    if (back.size() != 1 || back[0].scheme != "digest") std::abort();
    const std::string* const realm = back[0].find("realm");
    if (!realm || (sound && *realm != wanted->realm)) std::abort();  // control bytes are told as %XX
  }
  return 0;
}
