#include "run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>

#include "bench/common/progress_line.hpp"
#include "request_spans.hpp"
#include "run_shared.hpp"

namespace braid::bench {
namespace {

namespace asio = boost::asio;

/// The tasks of one context, which awaits this.
awaitable<void> work_on_one_context(const std::vector<std::uint32_t>& tasks, http::client client, const job& what,
                                    tickets& left, tallies_shared& tallies) {
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (const std::uint32_t task : tasks) {
      group.spawn(work(client, what, left, tallies, task));
    }
    co_return;
  });
}

awaitable<void> run_there(context& there, awaitable<void> task) {
  co_await asio::co_spawn(there.executor(), std::move(task), asio::use_awaitable);
}

/// Four of the five modes: contexts of their own, one or many, with one or many tasks on each.
void run_on_contexts(const mode_plan& plan, bool pin, const job& what, tickets& left, tallies_shared& tallies) {
  std::vector<std::vector<std::uint32_t>> tasks(plan.contexts);
  for (unsigned task = 0; task < plan.tasks; ++task) {
    tasks[context_of(plan, task)].push_back(task);
  }
  runtime contexts({.contexts = plan.contexts, .pin = pin});
  http::client_options limits;
  limits.max_connections_per_host = plan.tasks;  // no task waits for another's connection
  limits.max_connections = plan.tasks;
  const http::client client(limits);
  contexts.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (unsigned i = 0; i < plan.contexts; ++i) {
        group.spawn(run_there(contexts.at(i), work_on_one_context(tasks[i], client, what, left, tallies)));
      }
      co_return;
    });
  });
}

}  // namespace

run_result run_mode(const mode_plan& plan, const modes_options& options, const job& what, const std::string& label,
                    const std::atomic<bool>& interrupted) {
  tallies_shared tallies(options.record ? most_spans : 0);
  const auto requests = options.requests_of(plan.kind);
  std::optional<progress_line> progress(std::in_place, options.progress, label, requests, [&] {
    return progress_numbers{tallies.done(), 0};
  });

  const auto before = measure::resource_usage_of_self();
  const auto begin = clock::now();
  const auto end = options.run_for ? std::optional(begin + *options.run_for) : std::nullopt;
  tickets left(requests, end, interrupted);
  if (plan.kind == mode::shared) {
    run_shared(plan, options.pin, what, left, tallies);
  } else {
    run_on_contexts(plan, options.pin, what, left, tallies);
  }
  run_result result;
  result.wall = clock::now() - begin;
  result.client = measure::resource_usage_of_self() - before;
  progress.reset();

  tally sum;
  tallies.sum_into(sum);
  result.requests = sum.done;
  result.failed = sum.failed_requests();
  result.named_failures = sum.named_failures;
  result.bytes = sum.bytes;
  result.records = sum.records;
  result.latency = std::move(sum.latency);
  result.parse = std::move(sum.parse);
  result.failures = std::move(sum.failures);
  result.examples = std::move(sum.examples);
  result.interrupted = interrupted;
  if (options.record) {
    result.timeline = tallies.timeline_of(plan.kind == mode::shared ? "thread" : "context", phase_names());
  }
  return result;
}

}  // namespace braid::bench
