// libFuzzer target: lines of Set-Cookie fields, and the whole as a cookie file. What a jar gives must be fit for a
// request, within its bounds, and the same after a way through a file.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <braid/http/cookies.hpp>

using braid::url;
using braid::wall_time;
namespace http = braid::http;

namespace {

const wall_time now = wall_time(std::chrono::hours(490'000));
const url secure = url::parse("https://www.example.com/a/b"), plain = url::parse("http://example.com/");

void require(bool holds) {
  if (!holds) std::abort();
}

void check(http::cookie_jar& jar, const http::cookie_limits& limits) {
  for (const url* const to : {&secure, &plain}) {
    const std::string value = jar.header_for(*to, now);
    require(http::is_field_value(value));
    require(value.size() <= limits.header_bytes);
  }
  const auto all = jar.cookies(now);
  require(all.size() <= limits.total);
  http::cookie_jar back(limits);
  back.import_netscape(jar.export_netscape(now), now);
  const auto in_file = [](const http::cookie& one) {
    return one.name.find('\t') == one.name.npos && one.path.find('\t') == one.path.npos;
  };
  require(back.size() == static_cast<std::size_t>(std::count_if(all.begin(), all.end(), in_file)));
  http::cookie_jar again(limits);
  again.import_netscape(back.export_netscape(now), now);
  require(again.export_netscape(now) == back.export_netscape(now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  http::cookie_limits limits;
  limits.per_domain = 4;
  limits.total = 6;
  limits.header_bytes = 200;
  http::cookie_jar jar(limits);
  for (std::string_view rest = input; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    jar.store(end % 2 ? secure : plain, rest.substr(0, end), now);
    http::parse_cookie_date(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  check(jar, limits);
  http::cookie_jar file(limits);
  file.import_netscape(input, now);
  check(file, limits);
  return 0;
}
