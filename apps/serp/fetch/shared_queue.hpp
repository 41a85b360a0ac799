#pragma once

#include <braid/core/clock.hpp>
#include <braid/scrape/redis_frontier.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine_pages.hpp"
#include "job.hpp"
#include "options.hpp"

namespace braid::fetch {

/// The jobs as all workers of a queue share them: a lane for each engine, the request as key and as text.
std::vector<scrape::redis_job> shared_jobs(std::span<const job> jobs);

/// fetch --redis: queues the requests for the workers, and waits for them if that is wanted. The exit code: 0, or 1
/// when some of the queue's jobs are dead at the end of the wait.
///
/// Throws: error, when the queue cannot be reached.
int queue_requests(const fetch_options& options, const engine_pages& engines);

}  // namespace braid::fetch
