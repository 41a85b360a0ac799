#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <braid/core/clock.hpp>
#include <braid/http/server.hpp>
#include <braid/origin/faults.hpp>
#include <braid/origin/latency.hpp>
#include <braid/origin/route.hpp>
#include <braid/origin/saved_pages.hpp>
#include <braid/origin/search_page.hpp>

namespace braid::origin {

struct site_options {
  std::filesystem::path pages;       ///< a folder of saved pages; empty: pages are generated
  engine fallback = engine::google;  ///< for paths that several engines have
  latency_model latency;
  /// Searches at once that each take their latency; more take longer, so much that fewer are answered. 0: no bound.
  std::size_t capacity = 0;
  fault_plan faults;
  double limit = 0;                                     ///< requests a second, over which 429 is the answer; 0: none
  duration retry_after = std::chrono::seconds(1);       ///< what 429 and 503 ask for
  duration slow_step = std::chrono::milliseconds(100);  ///< between the twenty pieces of a slow answer
  page_options page;
  /// Told of each search when it comes in, whatever is answered; may be empty. Threads: on any context.
  std::function<void(const http::server_request& request, const route& where)> on_search;

  site_options() = default;
};

/// Counts since the start.
struct site_stats {
  std::uint64_t requests = 0;
  std::uint64_t searches = 0;
  std::uint64_t limited = 0;  ///< answered 429 because of the limit
  std::uint64_t in_flight = 0;
  std::uint64_t max_in_flight = 0;
  std::array<std::uint64_t, fault_kinds> faults{};
  double cpu_seconds = 0;  ///< of the whole process

  std::string json() const;
};

/// A search site that imitates six engines and misbehaves on request, as a handler for http::server:
///
///     origin::site site(options);
///     http::server server(site.handler());
///
/// Latency, faults and the limit apply to searches and to /bytes/N; the other paths answer at once. All waits go
/// through the context's timer queue, so that the site runs in virtual time too.
///
/// Lifetime: must outlive the server.
/// Threads: handler() may be called on any number of contexts at once.
class site {
 public:
  explicit site(site_options options = {});
  ~site();
  site(const site&) = delete;
  site& operator=(const site&) = delete;

  http::server_handler handler();
  boost::asio::awaitable<http::reply> answer(http::server_request& request);
  site_stats stats() const;

 private:
  class visit;

  boost::asio::awaitable<http::reply> answer_measured(http::server_request& request, route where);
  http::reply answer_plain(http::server_request& request, const route& where);
  http::reply page_for(const route& where);
  http::reply misbehave(fault_kind fault, const route& where);
  bool over_limit(time_point now);

  site_options options_;
  std::unique_ptr<saved_pages> saved_;
  std::atomic<std::uint64_t> requests_{0}, searches_{0}, limited_{0}, in_flight_{0}, max_in_flight_{0};
  std::array<std::atomic<std::uint64_t>, fault_kinds> faults_{};
  std::atomic<duration::rep> allowed_at_{0};  // when the limit's bucket is full again
};

}  // namespace braid::origin
