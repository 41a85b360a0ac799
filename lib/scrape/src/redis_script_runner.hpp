#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/scrape/redis.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace braid::scrape {

/// Runs scripts in a Redis server by their digests, and loads those that it does not know (any more).
///
/// Threads, lifetime: as the connection's, which it uses.
class redis_script_runner {
 public:
  /// `prefix` is every script's KEYS[1].
  redis_script_runner(redis_connection& redis, std::string prefix) : redis_(redis), prefix_(std::move(prefix)) {}

  /// `script` is a literal. Throws: as redis_connection.
  awaitable<redis_reply> run(std::string_view script, std::vector<std::string> arguments);

 private:
  redis_connection& redis_;
  const std::string prefix_;
  std::map<const char*, std::string> digests_;  // as the server made them
};

/// The common beginning of the keys of a queue; in a cluster all lie in one slot.
inline std::string redis_prefix(const std::string& queue) { return "{braid:" + queue + '}'; }

/// Shortest text that is the number again.
std::string redis_text_of(double number);

/// A field of an answer that our own script made. Throws protocol_error: another version's would show here.
const redis_reply& redis_item(const redis_reply& list, std::size_t index);

}  // namespace braid::scrape
