#include <braid/core/error.hpp>
#include <braid/net/proxy_settings.hpp>
#include <cstdlib>
#include <optional>

namespace braid::net {

struct proxy_settings::rules {
  std::optional<proxy> http;
  std::optional<proxy> https;
  std::optional<proxy> everything;
  std::string exceptions;
};

proxy_settings::rules& proxy_settings::own() {
  auto mine = rules_ ? std::make_shared<rules>(*rules_) : std::make_shared<rules>();
  rules& out = *mine;
  rules_ = std::move(mine);
  return out;
}

proxy_settings::proxy_settings(proxy everything) { own().everything = std::move(everything); }

proxy_settings& proxy_settings::for_http(proxy one) {
  own().http = std::move(one);
  return *this;
}

proxy_settings& proxy_settings::for_https(proxy one) {
  own().https = std::move(one);
  return *this;
}

proxy_settings& proxy_settings::except(std::string_view hosts) {
  own().exceptions = hosts;
  return *this;
}

proxy_settings proxy_settings::from_variables(const std::function<const char*(const char*)>& variable) {
  const auto first_of = [&](std::initializer_list<const char*> names) -> std::optional<proxy> {
    for (const char* name : names) {
      const char* const value = variable(name);
      if (value == nullptr || *value == '\0') continue;
      try {
        return proxy::parse(value);
      } catch (const invalid_argument& failure) {
        throw invalid_argument(std::string(name) + ": " + failure.what());
      }
    }
    return std::nullopt;
  };
  rules read;
  read.http = first_of({"http_proxy"});
  read.https = first_of({"https_proxy", "HTTPS_PROXY"});
  read.everything = first_of({"all_proxy", "ALL_PROXY"});
  proxy_settings out;
  if (!read.http && !read.https && !read.everything) return out;
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    const char* const value = variable(name);
    if (value == nullptr || *value == '\0') continue;
    read.exceptions = value;
    break;
  }
  out.rules_ = std::make_shared<const rules>(std::move(read));
  return out;
}

proxy_settings proxy_settings::from_environment() {
  return from_variables([](const char* name) -> const char* { return std::getenv(name); });
}

const proxy* proxy_settings::choose(bool secure, std::string_view host) const noexcept {
  if (!rules_) return nullptr;
  const std::optional<proxy>& own_one = secure ? rules_->https : rules_->http;
  const std::optional<proxy>& one = own_one ? own_one : rules_->everything;
  if (!one || matches_no_proxy(rules_->exceptions, host)) return nullptr;
  return &*one;
}

}  // namespace braid::net
