#include "plan.hpp"

#include <braid/measure/format.hpp>
#include <utility>

namespace braid::fetch {
namespace {

std::string number_of(std::size_t count, const std::string& what) {
  return measure::format_count(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace

std::vector<job> plan_jobs(const fetch_options& options, const std::vector<std::string>& queries,
                           const engine_pages& engines) {
  std::vector<job> jobs;
  jobs.reserve(queries.size() * options.engines.size() * options.pages);
  for (const auto& query : queries) {
    for (unsigned page = 1; page <= options.pages; ++page) {
      for (const auto& engine : options.engines) {
        job next;
        next.query = query;
        next.engine = engine;
        next.page = page;
        next.gl = options.gl;
        next.hl = options.hl;
        next.device = options.device;
        complete(next, options, engines);
        jobs.push_back(std::move(next));
      }
    }
  }
  return jobs;
}

void complete(job& what, const fetch_options& options, const engine_pages& engines) {
  what.url = engines.url(what);
  if (const auto endpoint = options.endpoints.find(what.engine); endpoint != options.endpoints.end()) {
    what.url = at_endpoint(what.url, endpoint->second);
  }
  what.id = request_id(what);
}

std::string plan_notes(const fetch_options& options, std::size_t duplicates, std::size_t empty_lines) {
  std::string text;
  if (duplicates > 0) text += number_of(duplicates, "duplicate") + " dropped\n";
  if (empty_lines > 0) text += number_of(empty_lines, "empty line") + " skipped\n";
  if (options.rate) return text;
  for (const auto& engine : options.engines) {
    const double rate = rate_of(options, engine);
    if (rate > 0)
      text += engine + ": at most " + measure::format_number(rate) + " request a second; --rate changes that\n";
  }
  return text;
}

}  // namespace braid::fetch
