#pragma once

#include <braid/scrape/redis.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace braid::scrape::redis {

/// A command as it goes over the wire.
std::string encode(std::span<const std::string> words);

/// What the server said, an error among it.
struct answer {
  answer() = default;

  redis_reply reply;
  std::string error;  ///< empty for none
};

/// Bytes in, answers out; no socket in sight.
class decoder {
 public:
  explicit decoder(std::size_t most_bytes);
  ~decoder();

  /// Throws: protocol_error; limit_error when an answer is longer than allowed.
  void feed(std::string_view bytes);
  /// The answer, once it is whole. Throws: protocol_error, also when something follows it that nobody asked for.
  std::optional<answer> take();

 private:
  struct release {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, release> reader_;
  std::size_t most_;
  std::size_t fed_ = 0;
};

}  // namespace braid::scrape::redis
