#include <braid/scrape/redis_proxies.hpp>
#include <utility>

#include "key_digest.hpp"
#include "redis_proxy_scripts.hpp"
#include "redis_script_runner.hpp"

namespace braid::scrape {
namespace {

std::string milliseconds_of(duration time) {
  return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

}  // namespace

struct redis_proxies::state {
  state(redis_connection& redis, redis_proxies_options with)
      : options(std::move(with)), scripts(redis, redis_prefix(options.queue)) {}

  awaitable<void> tell(std::string_view script, std::vector<std::string> arguments) {
    auto pending = scripts.run(script, std::move(arguments));
    co_await std::move(pending);
  }

  const redis_proxies_options options;
  redis_script_runner scripts;
};

redis_proxies::redis_proxies(redis_connection& redis, redis_proxies_options options)
    : state_(std::make_unique<state>(redis, std::move(options))) {}

redis_proxies::~redis_proxies() = default;

std::string redis_proxies::name_of(const proxy_entry& which) {
  auto name = which.address.str();
  if (which.address.user().empty()) return name;
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t shown = 6;  // bytes
  name += '#';
  const auto bytes = key_digest(which.address.user());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    name += digits[byte >> 4U];
    name += digits[byte & 15U];
  }
  return name;
}

awaitable<redis_proxy_turn> redis_proxies::enter(std::string name, std::string target, double rate) {
  const auto& options = state_->options;
  std::vector<std::string> words{std::move(name),
                                 std::move(target),
                                 redis_text_of(rate),
                                 milliseconds_of(options.burst),
                                 milliseconds_of(options.probe),
                                 milliseconds_of(options.remember)};
  auto pending = state_->scripts.run(redis_scripts::proxy_enter, std::move(words));
  const auto reply = co_await std::move(pending);
  redis_proxy_turn turn;
  turn.wait = std::chrono::milliseconds(redis_item(reply, 0).integer);
  turn.is_probe = redis_item(reply, 1).integer != 0;
  turn.is_suspect = redis_item(reply, 2).integer != 0;
  co_return turn;
}

awaitable<void> redis_proxies::answered(std::string name) {
  std::vector<std::string> words{std::move(name)};
  return state_->tell(redis_scripts::proxy_answered, std::move(words));
}

awaitable<void> redis_proxies::released(std::string name) {
  std::vector<std::string> words{std::move(name)};
  return state_->tell(redis_scripts::proxy_released, std::move(words));
}

awaitable<void> redis_proxies::failed(std::string name) {
  const auto& options = state_->options;
  std::vector<std::string> words{std::move(name), std::to_string(options.health.failures),
                                 milliseconds_of(options.health.pause), milliseconds_of(options.health.longest_pause),
                                 milliseconds_of(options.remember)};
  return state_->tell(redis_scripts::proxy_failed, std::move(words));
}

awaitable<void> redis_proxies::ban(std::string name, std::string target, std::chrono::milliseconds time) {
  std::vector<std::string> words{std::move(name), std::move(target), std::to_string(time.count()),
                                 milliseconds_of(state_->options.remember)};
  return state_->tell(redis_scripts::proxy_ban, std::move(words));
}

awaitable<std::vector<redis_proxy_report>> redis_proxies::reports() {
  auto pending = state_->scripts.run(redis_scripts::proxy_reports, {});
  const auto reply = co_await std::move(pending);
  std::vector<redis_proxy_report> all;
  for (std::size_t i = 0; i < reply.items.size(); i += 4) {
    auto& one = all.emplace_back();
    one.name = redis_item(reply, i).text;
    one.ejected = std::chrono::milliseconds(redis_item(reply, i + 1).integer);
    one.ejections = static_cast<std::uint64_t>(redis_item(reply, i + 2).integer);
    one.is_suspect = redis_item(reply, i + 3).integer != 0;
  }
  co_return all;
}

}  // namespace braid::scrape
