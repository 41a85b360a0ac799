#pragma once

#include <atomic>
#include <braid/http/client.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/task_store.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>

#include "callback_rules.hpp"

namespace braid::serve {

struct callback_options {
  callback_options() = default;

  std::string secret;              ///< signs what is sent; empty: no callbacks
  bool private_addresses = false;  ///< they may lead inside this machine and its network
  callback_limits limits;
  std::size_t at_once = 16;  ///< under way together
  std::size_t at_once_per_origin = 4;
  duration time = std::chrono::seconds(15);  ///< that an attempt may take
};

/// Tells those who asked for it that their tasks are over: POSTs of callback_body(), signed, again until they are taken
/// or the limits are reached. What is not delivered when the server ends is sent by the next one; one that was taken
/// when the server was killed may come twice.
///
/// Redirects are not followed, proxies not used, addresses checked after resolution. Limits: callback_options.
///
/// Threads: wake() and the counters on any; run() once, on one context. Lifetime: refers to the store.
class callback_sender {
 public:
  using log_function = std::function<void(const std::string&)>;

  callback_sender(scrape::task_store_shared& store, const callback_options& options, log_function log);

  /// Sends until it is cancelled. Throws: nothing about receivers, io_error about the store.
  awaitable<void> run();
  /// A callback may be due.
  void wake() { wake_.try_send('w'); }

  /// Whether there is a secret to sign with.
  bool is_on() const { return !options_.secret.empty(); }
  /// In Prometheus's text format.
  void append_metrics(std::string& to) const;

 private:
  /// Starts what is due and has room; the time until there may be more.
  duration start(task_group& group);
  awaitable<void> deliver(scrape::task_callback what, std::string origin);
  awaitable<void> attempt(scrape::task_callback what);
  awaitable<callback_answer> post(const scrape::task_callback& what, const scrape::task_row& row, std::string body);
  awaitable<void> exchange(http::request what, callback_answer& into);

  scrape::task_store_shared& store_;
  const callback_options options_;
  const log_function log_;
  const http::client client_;
  shared_channel<char> wake_{1};
  std::set<std::int64_t> under_way_;
  std::map<std::string, std::size_t> by_origin_;
  std::mt19937_64 random_{std::random_device{}()};
  std::atomic<std::uint64_t> delivered_ = 0, failed_ = 0, given_up_ = 0;
};

}  // namespace braid::serve
