#include "origin_stats.hpp"

#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/http/response.hpp>
#include <braid/runtime/runtime.hpp>
#include <nlohmann/json.hpp>

namespace braid::bench {
namespace {

awaitable<std::string> get_stats(std::string url) {
  http::client client;
  auto answer = co_await client.get(std::move(url));
  co_return answer.raise_for_status().take_body();
}

}  // namespace

std::optional<std::uint64_t> most_in_flight(const std::string& url) {
  try {
    runtime one;
    const auto text = one.run([&] { return get_stats(url + "/stats"); });
    const auto stats = nlohmann::json::parse(text);
    return stats.at("max_in_flight").get<std::uint64_t>();
  } catch (const braid::error&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace braid::bench
