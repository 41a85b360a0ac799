#include "load_run.hpp"

#include <algorithm>
#include <braid/http/response.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>
#include <memory>

#include "bench/common/progress_line.hpp"
#include "bench/run/request_spans.hpp"

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

http::client_options client_options_of(const load_options& options) {
  http::client_options o;
  o.timeouts.total = options.timeout;
  o.timeouts.connect = options.timeout;
  o.max_connections_per_host = options.connections;  // no worker waits for another's connection
  o.max_connections = options.connections;
  o.limits.idle_connections = options.connections;
  o.follow_redirects = false;  // a redirect is the answer
  o.user_agent = "braid-bench";
  o.tls.verify(!options.insecure);
  if (!options.ca_file.empty()) {
    o.tls.ca_file(options.ca_file);
  }
  o.http_version = options.http2 ? http::protocol_choice::http2_prior_knowledge : http::protocol_choice::http1;
  o.http2.streams = options.streams;
  o.http2.connections_per_host = (options.tasks_on(0) + options.streams - 1) / options.streams;
  return o;
}

awaitable<int> version_of_answer(http::client client, http::request what) {
  const auto answer = co_await client.send(std::move(what));
  co_return answer.version();
}

using tallies = std::vector<std::unique_ptr<load_tally>>;

tallies new_tallies(unsigned contexts) {
  tallies out(contexts);
  std::generate(out.begin(), out.end(), [] { return std::make_unique<load_tally>(); });
  return out;
}

/// Has each context keep what its workers do.
void record(const tallies& of, const load_options& options) {
  std::uint32_t first = 0;
  for (unsigned i = 0; i < options.contexts; ++i) {
    of[i]->spans = std::make_unique<measure::span_log>(most_spans);
    of[i]->first_worker = first;
    first += options.tasks_on(i);
  }
}

measure::timeline timeline_of(const tallies& of) {
  measure::timeline out;
  out.phases = phase_names();
  for (const auto& one : of) {
    out.add_lane("context " + std::to_string(out.lanes.size() + 1), *one->spans);
  }
  return out;
}

/// All workers on all contexts, until the schedule has no more for them.
void drive(runtime& contexts, const http::client& client, const load_options& options, const load_job& job,
           load_schedule& schedule, const tallies& of) {
  contexts.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (unsigned i = 0; i < options.contexts; ++i) {
        group.spawn_on(contexts.at(i), [&client, &job, &schedule, workers = options.tasks_on(i), mine = of[i].get()] {
          return load_work_on_context(workers, client, job, schedule, *mine);
        });
      }
      co_return;
    });
  });
}

void warm_up(runtime& contexts, const http::client& client, const load_options& options, const load_job& job,
             const std::atomic<bool>& interrupted) {
  if (options.warm_up.count() == 0) {
    return;
  }
  const auto thrown_away = new_tallies(options.contexts);
  const auto begin = clock::now();
  load_schedule schedule(options.rate, std::nullopt, begin, begin + options.warm_up, interrupted);
  drive(contexts, client, options, job, schedule, thrown_away);
}

std::function<progress_numbers()> numbers_of(const tallies& of) {
  return [&of] {
    progress_numbers sum;
    for (const auto& one : of) {
      sum.done += one->done.load(std::memory_order_relaxed);
      sum.wrong += one->wrong.load(std::memory_order_relaxed);
    }
    return sum;
  };
}

}  // namespace

std::string probe(const load_options& options, const load_job& job) {
  runtime one;
  const http::client client(client_options_of(options));
  const int version = one.run([&] { return version_of_answer(client, job.request_of(0)); });
  return version >= 20 ? "HTTP/2" : version == 10 ? "HTTP/1.0" : "HTTP/1.1";
}

load_run run_load(const load_options& options, const load_job& job, const std::string& label, bool recorded,
                  const std::atomic<bool>& interrupted) {
  runtime contexts({.contexts = options.contexts, .pin = options.pin});
  const http::client client(client_options_of(options));
  warm_up(contexts, client, options, job, interrupted);

  const auto counted = new_tallies(options.contexts);
  if (recorded) record(counted, options);
  load_run result;
  const auto machine_before = measure::busy_time_of_machine();
  const auto before = measure::resource_usage_of_self();
  const auto begin = clock::now();
  const auto end = options.run_for ? std::optional(begin + *options.run_for) : std::nullopt;
  load_schedule schedule(options.rate, options.requests, begin, end, interrupted);
  {
    const progress_line line(options.progress, label, schedule.count(), numbers_of(counted));
    drive(contexts, client, options, job, schedule, counted);
    result.wall = clock::now() - begin;
  }
  result.client = measure::resource_usage_of_self() - before;
  if (const auto machine_after = measure::busy_time_of_machine(); machine_before && machine_after) {
    result.others_cpu =
        std::max<std::chrono::nanoseconds>(*machine_after - *machine_before - result.client.cpu.total(), 0ns);
  }
  for (const auto& one : counted) {
    result.add(*one);
  }
  if (recorded) result.timeline = timeline_of(counted);
  result.interrupted = interrupted;
  if (options.rate && schedule.count()) {
    result.unsent = *schedule.count() - std::min(result.requests, *schedule.count());
  }
  return result;
}

}  // namespace braid::bench
