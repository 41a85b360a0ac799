#pragma once

#include <atomic>
#include <braid/http/router.hpp>
#include <braid/scrape/task_store.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access.hpp"
#include "event_hub.hpp"
#include "fault.hpp"
#include "metrics.hpp"
#include "task_request.hpp"
#include "work.hpp"

namespace braid::serve {

struct api_options {
  api_options() = default;

  duration wait = std::chrono::seconds(120);       ///< that /v1/scrape waits for its task, then it answers as /v1/task
  bool pages = true;                               ///< output=html is taken
  bool callbacks = false;                          ///< callback_url is taken
  std::function<void(std::string&)> more_metrics;  ///< appends what others have to say at /metrics; may be empty
};

/// The API's requests and answers. /openapi.json describes them.
///
/// Threads: shared by all contexts.
class api_shared {
 public:
  static constexpr std::size_t largest_batch = 5000;
  /// Takes a line about what went wrong inside, on any thread.
  using log_function = std::function<void(const std::string&)>;

  /// Lifetime: refers to all but the options; outlives the routers.
  api_shared(const std::vector<std::string>& engines, scrape::task_store_shared& store, work_shared& work,
             event_hub_shared& events, access_shared& access, const api_options& options, log_function log);

  http::router routes();
  /// The figures of /metrics as JSON: what event streams and the dashboard show. A part of /v1/state.
  std::string figures() const;
  /// /healthz says so from now on.
  void drain() { draining_.store(true, std::memory_order_relaxed); }

 private:
  /// A request of somebody who may make it.
  struct call {
    call(http::server_request& of, const http::path_values& path) : request(of), values(path) {}
    http::server_request& request;
    const http::path_values& values;
    std::string owner;
  };
  using method = awaitable<http::reply> (api_shared::*)(call&);

  void add(http::router& to, std::string_view verb, std::string pattern, method how, bool open_to_all = false);

  // tasks: api_tasks.cpp
  awaitable<http::reply> scrape(call& from);
  awaitable<http::reply> create(call& from);
  awaitable<http::reply> create_batch(call& from);
  awaitable<std::variant<submission, fault>> read_submission(call& from);
  http::reply accepted(const call& from, const scrape::task_store_shared::added& what) const;
  std::optional<fault> charge(const call& from, std::span<const submission> tasks);
  std::variant<scrape::task_store_shared::added, fault> submit_one(const call& from, const submission& what,
                                                                   bool urgent);
  bool is_waiting(const call& from, const scrape::task_store_shared::added& what) const;
  std::optional<fault> check(const task_request& what) const;

  // what became of them: api_answers.cpp
  awaitable<http::reply> show(call& from);
  awaitable<http::reply> results(call& from);
  awaitable<http::reply> list(call& from);
  awaitable<http::reply> remove(call& from);
  http::reply result_reply(std::int64_t number, std::string_view id, output as) const;

  // the server itself: api_status.cpp
  awaitable<http::reply> health(call& from);
  awaitable<http::reply> metrics(call& from);
  awaitable<http::reply> openapi(call& from);
  awaitable<http::reply> list_engines(call& from);

  // what the dashboard shows: api_state.cpp, api_page.cpp
  awaitable<http::reply> state(call& from);
  awaitable<http::reply> page(call& from);

  // live: api_events.cpp
  awaitable<http::reply> events(call& from);
  awaitable<http::reply> task_events(call& from);

  const std::vector<std::string> engines_;
  scrape::task_store_shared& store_;
  work_shared& work_;
  event_hub_shared& events_;
  access_shared& access_;
  const api_options options_;
  const log_function log_;
  answer_counts_shared counts_;
  const time_point started_ = clock::now();
  std::atomic<bool> draining_ = false;
};

}  // namespace braid::serve
