// libFuzzer target: the handshakes with proxies, on any answer, and the texts that name proxies. The first byte chooses
// the kind, the second how the answer is cut. However it is cut, the outcome is the same, nothing behind the answer is
// taken, and it ends.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <braid/core/error.hpp>
#include <braid/net/proxy_settings.hpp>

#include "proxy/handshake.hpp"

namespace {

using namespace braid::net;
using step = proxy_handshake::step;

std::string converse(const char* with, std::string_view answer, std::size_t cut) {
  tunnel_target to;
  to.host = "example.org";
  to.port = 443;
  if (proxy::parse(with).kind() == proxy_kind::socks4) to.address = endpoint::parse("1.2.3.4", 443);
  const proxy through = proxy::parse(with);
  const auto talk = make_handshake(through, to, {}, through.basic_authorization());
  std::string log;
  std::size_t taken = 0;
  step what = talk->take({});
  while (what == step::go_on) {
    log += talk->output();
    talk->output().clear();
    const std::size_t wanted = talk->wanted();
    if (wanted == 0) std::abort();
    const std::size_t size = std::min({wanted, cut, answer.size() - taken});
    if (size == 0) break;
    what = talk->take(answer.substr(taken, size));
    taken += size;
  }
  if (taken > 17 * 1024) std::abort();
  if (what == step::done) log += "|" + std::to_string(taken);
  return log + "|" + std::to_string(static_cast<int>(what)) + talk->reason() + std::to_string(talk->status());
}

void read_as_settings(std::string_view text) {
  try {
    const proxy one = proxy::parse(text);
    if (one.host().empty() || one.port() != proxy::parse(one.str()).port()) std::abort();
  } catch (const braid::invalid_argument&) {
  }
  const auto space = text.find('\n');
  if (space != text.npos) matches_no_proxy(text.substr(0, space), text.substr(space + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view answer(reinterpret_cast<const char*>(data) + 2, size - 2);
  constexpr const char* kinds[] = {"http://p",    "http://u:p@p", "socks4://p",
                                   "socks4a://p", "socks5h://p",  "socks5h://u:p@p"};
  const std::size_t kind = data[0] % 7;
  if (kind == 6) {
    read_as_settings(answer);
    return 0;
  }
  if (converse(kinds[kind], answer, size) != converse(kinds[kind], answer, 1 + data[1] % 16)) std::abort();
  return 0;
}
