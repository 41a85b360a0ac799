#pragma once

#include <braid/scrape/proxy_pool.hpp>
#include <braid/scrape/suspension.hpp>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "proxy_peers.hpp"

namespace braid::fetch {

/// The proxies of a run; without any, requests go directly.
///
/// Threads: shared by all contexts.
class proxies_shared {
 public:
  using id = scrape::proxy_pool::id;

  /// Which proxy, or when to ask again; neither when that would take longer than the patience lasts.
  struct choice {
    choice() = default;
    std::optional<id> which;
    std::optional<time_point> later;
  };

  proxies_shared(std::vector<scrape::proxy_entry> proxies, duration patience);

  /// Before the first request. Lifetime: refers to them.
  void share_with(proxy_peers& peers) { peers_ = &peers; }
  proxy_peers* peers() const noexcept { return peers_; }

  bool empty() const noexcept { return size_ == 0; }
  choice pick(const std::string& engine, const std::string& session, time_point now);
  const net::proxy_settings& settings(id which) const { return pool_.settings(which); }
  const std::string& name(id which) const { return pool_.name(which); }
  const scrape::proxy_entry& entry(id which) const { return pool_.entry(which); }

  /// What was picked is not to be used now: it is left out for the engine until then.
  void hold(id which, const std::string& engine, time_point until);

  /// A page or another answer came through it.
  void answered(id which, time_point now);
  /// None did: a failure of the way there, or of something else.
  void failed(id which, const std::exception_ptr& failure, time_point now);
  /// What came says that the engine wants nothing more of this proxy for so long.
  void ban(id which, const std::string& engine, std::optional<duration> time, time_point now);

  /// It carried nothing after all.
  void released(id which);
  std::vector<scrape::proxy_pool::report> reports() const;
  /// A line a proxy; empty without any.
  std::string summary() const;

 private:
  const std::size_t size_;
  const duration patience_;
  proxy_peers* peers_ = nullptr;
  mutable std::mutex mutex_;
  scrape::proxy_pool pool_;
  std::optional<time_point> last_answer_;
};

/// True for what a proxy that is dead, or that leads nowhere, looks like.
bool is_failure_of_way(const std::exception_ptr& failure);

}  // namespace braid::fetch
