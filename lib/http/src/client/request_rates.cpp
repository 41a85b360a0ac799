#include <braid/http/request_rates.hpp>

#include <algorithm>

namespace braid::http {

request_rates& request_rates::host(std::string_view name, request_rate rate) {
  std::string key(name);
  std::transform(key.begin(), key.end(), key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  hosts_.insert_or_assign(std::move(key), rate);
  return *this;
}

const request_rate* request_rates::of(std::string_view host) const {
  const auto found = hosts_.find(host);
  if (found != hosts_.end()) return &found->second;
  return each ? &*each : nullptr;
}

}  // namespace braid::http
