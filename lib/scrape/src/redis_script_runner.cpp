#include "redis_script_runner.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace braid::scrape {

/// A server that has been started anew knows no scripts.
awaitable<redis_reply> redis_script_runner::run(std::string_view script, std::vector<std::string> arguments) {
  for (bool again = false;; again = true) {
    auto& digest = digests_[script.data()];
    if (digest.empty()) {
      std::vector<std::string> load{"SCRIPT", "LOAD", std::string(script)};
      auto loading = redis_.command(std::move(load));
      const auto loaded = co_await std::move(loading);
      digest = loaded.text;
    }
    std::vector<std::string> words{"EVALSHA", digest, "1", prefix_};
    words.insert(words.end(), arguments.begin(), arguments.end());
    try {
      auto pending = redis_.command(std::move(words));
      co_return co_await std::move(pending);
    } catch (const redis_error& e) {
      if (again || !e.reason().starts_with("NOSCRIPT")) throw;
      digest.clear();
    }
  }
}

std::string redis_text_of(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

const redis_reply& redis_item(const redis_reply& list, std::size_t index) {
  if (index >= list.items.size()) throw protocol_error("Redis: a script's answer is too short");
  return list.items[index];
}

}  // namespace braid::scrape
