#pragma once

#include <braid/http/cache.hpp>

#include "client_fixture.hpp"

namespace client_tests {

inline bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

/// A client with a cache, a clock to be moved, and a server that gives these answers one after another.
struct scene {
  explicit scene(std::vector<std::string> answers) {
    peer.always([answers](wire& w) -> awaitable<void> {
      for (const std::string& answer : answers) {
        co_await w.read_request();
        co_await w.send(answer);
      }
    });
    options.cache = cache;
    options.wall_clock = [this] { return now; };
  }

  http::client client() { return client_of(peer, options); }
  std::size_t asked() const { return peer.requests().size(); }

  scripted_peer peer;
  wall_time now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);
  std::shared_ptr<http::memory_cache> cache = std::make_shared<http::memory_cache>();
  http::client_options options;
};

inline std::string not_modified(std::string fields = "") { return "HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n"; }

}  // namespace client_tests
