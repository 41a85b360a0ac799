// libFuzzer target: the cache's rules on any fields. The first line of the input is the request's Cache-Control, the
// others are the response's fields.
#include <cstdint>
#include <cstdlib>

#include <braid/http/cache_rules.hpp>

using braid::wall_time;
namespace http = braid::http;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const wall_time now = wall_time(std::chrono::hours(490'000));
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  http::headers request, response;
  const std::string_view first = take_line(rest);
  if (http::is_field_value(first)) request.add("Cache-Control", first);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view name = line.substr(0, colon), value = line.substr(colon + 1);
    if (http::is_token(name) && http::is_field_value(value)) response.add(name, value);
  }
  const http::cache_control control = http::parse_cache_control(request);
  http::stored_response stored;
  stored.status = 200;
  stored.fields = http::storable_fields(response);
  stored.selecting = http::selecting_fields(request, response);
  stored.requested = stored.received = now;
  require(http::is_selected(stored, request));
  require(http::freshness_lifetime(stored) >= std::chrono::seconds(0));
  require(http::current_age(stored, now + std::chrono::hours(1)) >= std::chrono::hours(1));
  const bool kept = http::may_store("GET", control, 200, response);
  const bool served = http::judge(&stored, control, now) == http::cache_verdict::serve;
  const http::cache_control from = http::parse_cache_control(response);
  require(!(kept && from.no_store && !from.must_understand));
  require(!(served && (control.no_cache || http::parse_cache_control(stored.fields).no_cache)));
  http::may_serve_on_error(stored, control, now);
  const http::stored_response renewed = http::freshened(stored, response, now, now);
  require(!renewed.fields.has("Connection"));
  http::headers again;
  http::add_validators(again, renewed);
  if (const auto range = http::parse_byte_range(first, 1000)) {
    require(range->size > 0 && range->begin + range->size <= 1000);
  }
  return 0;
}
