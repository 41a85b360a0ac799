#pragma once

#include <boost/asio/awaitable.hpp>
#include <braid/http/client.hpp>
#include <braid/http/request.hpp>
#include <cstdint>
#include <vector>

#include "load_options.hpp"
#include "load_schedule.hpp"
#include "load_tally.hpp"

namespace braid::bench {

/// The requests of a load run, by number.
class load_job {
 public:
  /// Throws invalid_argument and invalid_url for a mix, method or field that makes no request.
  explicit load_job(const load_options& options);

  http::request request_of(std::uint64_t number) const;

 private:
  struct kind {
    mix_entry entry;
    bool numbered = false;
    http::request ready;
  };

  http::request made_of(const mix_entry& entry, std::uint64_t number) const;

  std::vector<std::pair<std::string, std::string>> fields_;
  std::vector<kind> kinds_;
  std::vector<std::size_t> cycle_;
};

/// A worker: takes the next turn, waits until it is due, asks, counts what came of it. A timeline shows it as `number`.
///
/// Lifetime: `job`, `schedule` and `mine` outlive it.
boost::asio::awaitable<void> load_work(http::client client, const load_job& job, load_schedule& schedule,
                                       load_tally& mine, std::uint32_t number);

/// `workers` of them on the context that awaits this; what they cost the context's thread goes into `mine`.
boost::asio::awaitable<void> load_work_on_context(unsigned workers, http::client client, const load_job& job,
                                                  load_schedule& schedule, load_tally& mine);

}  // namespace braid::bench
