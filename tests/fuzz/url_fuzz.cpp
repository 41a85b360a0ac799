// libFuzzer target: URLs and references of any bytes. What is accepted is fit for a request line and a Host field, and
// means the same when it is read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <braid/core/error.hpp>
#include <braid/core/url.hpp>

using braid::url;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const url& one) {
  for (const char c : one.str()) require(c > 0x20 && c < 0x7F);
  require(one.path().starts_with('/'));
  require(!one.host().empty() && one.port() == url::parse(one.str()).port());
  require(one.host().find_first_of("/?#@\\%") == std::string_view::npos);
  require(url::parse(one.str()) == one);
  const url bare = one.without_secrets();
  require(!bare.has_credentials() && bare.fragment().empty() && bare.origin() == one.origin());
  require(url::parse(bare.str()) == bare);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const url page = url::parse("https://user:secret@example.org:8443/a/b/c?q#f");
  if (const auto one = url::try_parse(text)) check(*one);
  try {
    check(page.resolve(text));
  } catch (const braid::invalid_url&) {
  }
  return 0;
}
