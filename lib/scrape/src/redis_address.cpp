#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>
#include <braid/scrape/redis.hpp>
#include <charconv>

namespace braid::scrape {
namespace {

[[noreturn]] void refuse() {
  throw invalid_argument(
      "no address of a Redis server: expected redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// for TLS");
}

}  // namespace

redis_address redis_address::parse(std::string_view text) {
  redis_address address;
  std::string_view rest = text;
  if (rest.starts_with("rediss://")) {
    address.tls = true;
    rest.remove_prefix(9);
  } else if (rest.starts_with("redis://")) {
    rest.remove_prefix(8);
  } else {
    refuse();
  }
  // The grammar is that of http, but for the port that is meant when there is none: that is where the two differ.
  const auto plain = url::try_parse("http://" + std::string(rest));
  const auto secure = url::try_parse("https://" + std::string(rest));
  if (!plain || !secure || !plain->query().empty() || !plain->fragment().empty()) refuse();
  address.host = std::string(plain->host_name());
  if (plain->port() == secure->port()) address.port = plain->port();
  address.user = percent_decode(plain->user());
  address.password = percent_decode(plain->password());
  const auto database = plain->path().substr(1);
  if (!database.empty()) {
    const auto* end = database.data() + database.size();
    const auto [stop, error] = std::from_chars(database.data(), end, address.database);
    if (error != std::errc() || stop != end) refuse();
  }
  return address;
}

std::string redis_address::name() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (tls ? "rediss://" : "redis://") + (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port) +
         (database == 0 ? std::string() : '/' + std::to_string(database));
}

}  // namespace braid::scrape
