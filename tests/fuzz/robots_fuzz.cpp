// libFuzzer target: robots.txt files of any bytes; the first line says whom and what they are asked about.
#include <braid/scrape/robots.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace braid::scrape;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.substr(0, input.find('\n'));
  const auto text = input.substr(line.size());
  const auto address = line.substr(line.find(' ') + 1);
  const auto target = robots_target(address);
  if (!target.starts_with('/') || target.find('#') != std::string::npos) std::abort();
  const auto rules = robots_rules::parse(text, product_token(line));
  if (rules.size() == 0 && !rules.allows(target)) std::abort();
  rules.allows(target);
  return 0;
}
