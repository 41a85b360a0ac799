#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include <braid/http/cache_rules.hpp>

namespace braid::http {

/// How much a cache keeps. What is over `bytes` pushes out what has not been used for longest.
struct cache_limits {
  std::size_t bytes = 64u << 20;
  std::size_t entry_bytes = 8u << 20;  ///< a larger response is not kept
  std::size_t variants = 16;           ///< of one URL, by Vary

  cache_limits() = default;
};

/// Where a client keeps responses (RFC 9111, a private cache). The client decides what is kept and used; a store keeps
/// and finds.
///
///     http::client_options options;
///     options.cache = std::make_shared<http::memory_cache>();
///
/// Threads: shared; each function locks, so that one cache may serve clients on any contexts.
class response_cache {
 public:
  using entry = std::shared_ptr<const stored_response>;

  virtual ~response_cache() = default;

  /// The newest response under `key` that a request with these fields selects; null for none. The caller keeps both
  /// until it has the answer.
  virtual boost::asio::awaitable<entry> find(const std::string& key, const headers& request) = 0;
  /// Keeps it in place of the one for the same requests.
  virtual boost::asio::awaitable<void> put(entry what) = 0;
  /// Forgets all responses under `key`.
  virtual boost::asio::awaitable<void> remove(std::string key) = 0;

  /// The largest response worth putting, in bytes as stored_response::bytes() counts them. So much of a stream is held
  /// while it is read.
  virtual std::size_t entry_bytes() const { return cache_limits().entry_bytes; }

  /// For those who validate a response behind an answer: false while somebody else does.
  bool begin_refresh(const std::string& key);
  void end_refresh(const std::string& key);

 private:
  std::mutex mutex_;
  std::set<std::string> refreshing_;
};

/// Responses in memory.
class memory_cache : public response_cache {
 public:
  explicit memory_cache(cache_limits limits = {});

  boost::asio::awaitable<entry> find(const std::string& key, const headers& request) override;
  boost::asio::awaitable<void> put(entry what) override;
  boost::asio::awaitable<void> remove(std::string key) override;
  std::size_t entry_bytes() const override { return limits_.entry_bytes; }

  /// What is held now: how many responses, and how many bytes.
  std::size_t size() const;
  std::size_t bytes() const;

 private:
  using place = std::list<entry>::iterator;

  void erase(place which);

  mutable std::mutex mutex_;
  cache_limits limits_;
  std::list<entry> entries_;  // used last comes first
  std::unordered_multimap<std::string, place> places_;
  std::size_t bytes_ = 0;
};

}  // namespace braid::http
