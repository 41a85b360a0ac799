#pragma once

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/runtime/channel.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/offload.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/frontier.hpp>
#include <braid/scrape/stage_stats.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace braid::scrape {

/// Every queue of a pipeline has a bound; what a stage cannot take waits in the stage before.
struct pipeline_options {
  unsigned concurrency = 10;     ///< jobs being gathered at once, over all contexts
  unsigned contexts = 1;         ///< how many of the runtime's contexts gather and parse; run() is called on the first
  std::size_t parse_queue = 16;  ///< pages that wait for the parser, a context
  std::size_t save_queue = 256;  ///< records that wait for the writer
  std::size_t batch = 128;       ///< records that are saved at once, at most
};

/// One job on its way out: what came of it and where its time went.
template <class Job, class Record>
struct finished_item {
  finished_item() = default;
  finished_item(Job what, Record outcome, const item_times& spent)
      : job(std::move(what)), record(std::move(outcome)), times(spent) {}

  Job job;
  Record record;
  item_times times;
};

/// What gathering a job came to: a page, or none for now, or none in this run.
template <class Page>
class gather_result {
 public:
  /// The job is left undone: it gets no record.
  gather_result(std::nullopt_t = std::nullopt) {}
  gather_result(Page page) : page_(std::move(page)) {}
  /// The job goes back to the frontier until then; what the step has noted in it is there when it comes again.
  static gather_result later(time_point moment) {
    gather_result result;
    result.later_ = moment;
    return result;
  }

  std::optional<Page>& page() { return page_; }
  const std::optional<time_point>& later() const { return later_; }

 private:
  std::optional<Page> page_;
  std::optional<time_point> later_;
};

/// What the stages do. A failure of gather or parse is the failure of that item: give_up turns it into a record, which
/// is saved as any other. A failure of save ends the run.
///
/// Threads: gather, parse and give_up are called on every context, save on a thread of the blocking pool, one call at a
/// time.
template <class Job, class Page, class Record>
struct pipeline_steps {
  /// `Job` lives until the awaitable has ended.
  std::function<awaitable<gather_result<Page>>(Job&)> gather;
  std::function<Record(const Job&, Page)> parse;
  std::function<Record(const Job&, stage, std::exception_ptr)> give_up;
  /// Returns once the records are safe; only then are their jobs finished.
  std::function<void(std::span<finished_item<Job, Record>>)> save;
};

/// Gather -> parse -> save over a frontier, with bounded queues between the stages.
///
///     pipeline<job, page, record> line(jobs, steps, options);
///     co_await line.run();
///
/// Each context has gatherers and a parser of its own, which share nothing but the frontier they pull from and the
/// queue to the one writer. The text is the same for one context and for several.
///
/// Cancellation: gathering ends at once, what has been parsed is still saved, then operation_aborted is thrown. To end
/// in order, stop the frontier.
/// Throws: what save threw; records that were not saved are not finished in the frontier.
/// Lifetime: outlives run().
template <class Job, class Page, class Record>
class pipeline {
 public:
  using steps_type = pipeline_steps<Job, Page, Record>;
  using item = finished_item<Job, Record>;

  pipeline(frontier_shared<Job>& jobs, steps_type steps, const pipeline_options& options)
      : jobs_(jobs),
        steps_(std::move(steps)),
        options_(options),
        contexts_(std::max(1U, options.contexts)),
        stats_(contexts_),
        records_(options.save_queue) {}

  awaitable<void> run();

  /// Anywhere, at any time.
  stage_counts counts(stage which) const { return stats_.counts(which); }
  /// When run() has ended.
  stage_report report(stage which) const { return stats_.report(which); }

 private:
  struct gathered {
    gathered(Job what, Page page_got, const item_times& spent)
        : job(std::move(what)), page(std::move(page_got)), times(spent) {}
    Job job;
    Page page;
    item_times times;
  };
  using page_queue = channel<gathered>;
  using taken = typename frontier_shared<Job>::taken;

  awaitable<void> produce();
  awaitable<void> run_context(unsigned index);
  awaitable<void> gather_all(unsigned index, page_queue& pages, unsigned gatherers);
  awaitable<void> gather_some(unsigned index, page_queue& pages);
  awaitable<void> parse_some(unsigned index, page_queue& pages);
  awaitable<void> hand_over(unsigned index, item outcome);
  awaitable<void> save_all();
  unsigned gatherers_of(unsigned index) const;

  frontier_shared<Job>& jobs_;
  const steps_type steps_;
  const pipeline_options options_;
  const unsigned contexts_;
  stage_stats stats_;
  shared_channel<item> records_;
};

template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::run() {
  jobs_.set_slots(options_.concurrency);
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(save_all(), "save");
    co_await produce();
  });
}

/// Ends the writer's work whichever way gathering and parsing end.
template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::produce() {
  std::exception_ptr failure;
  try {
    runtime* everywhere = runtime::of(co_await asio::this_coro::executor);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (unsigned i = 1; i < contexts_; ++i) {
        group.spawn_on(everywhere->at(i), [this, i] { return run_context(i); });
      }
      co_await run_context(0);
    });
  } catch (...) {
    failure = std::current_exception();
  }
  records_.close();
  if (failure) std::rethrow_exception(failure);
}

template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::run_context(unsigned index) {
  page_queue pages(options_.parse_queue);
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(parse_some(index, pages), "parse");
    co_await gather_all(index, pages, gatherers_of(index));
    pages.close();
  });
}

template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::gather_all(unsigned index, page_queue& pages, unsigned gatherers) {
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (unsigned i = 0; i < gatherers; ++i) group.spawn(gather_some(index, pages), "gather");
    co_return;
  });
}

template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::gather_some(unsigned index, page_queue& pages) {
  while (std::optional<taken> next = co_await jobs_.next()) {
    item_times times;
    times.begin = co_await now();
    stats_.enter(index, stage::gather, duration::zero(), false);
    gather_result<Page> result;
    std::exception_ptr failure;
    try {
      result = co_await steps_.gather(next->job);
    } catch (...) {
      failure = std::current_exception();
    }
    jobs_.gathered(next->from);
    if (is_cancelled(failure)) std::rethrow_exception(failure);
    if (!failure && !result.page()) {
      stats_.abandon(index, stage::gather);
      if (result.later()) {
        jobs_.put_back(std::move(*next), *result.later());
      } else {
        jobs_.leave_undone(next->from);
      }
      continue;
    }
    times.ready = co_await now();
    times.gather = times.ready - times.begin;
    stats_.leave(index, stage::gather, times.gather, failure != nullptr);
    if (failure) {
      Record record = steps_.give_up(next->job, stage::gather, failure);
      item outcome(std::move(next->job), std::move(record), times);
      co_await hand_over(index, std::move(outcome));
    } else {
      gathered page(std::move(next->job), std::move(*result.page()), times);
      stats_.enqueue(index, stage::parse);
      co_await pages.send(std::move(page));
    }
  }
}

template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::parse_some(unsigned index, page_queue& pages) {
  while (std::optional<gathered> next = co_await pages.receive()) {
    const auto begin = co_await now();
    next->times.wait_for_parse = begin - next->times.ready;
    stats_.enter(index, stage::parse, next->times.wait_for_parse);
    std::optional<Record> record;
    std::exception_ptr failure;
    try {
      record.emplace(steps_.parse(next->job, std::move(next->page)));
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) record.emplace(steps_.give_up(next->job, stage::parse, failure));
    next->times.ready = co_await now();
    next->times.parse = next->times.ready - begin;
    stats_.leave(index, stage::parse, next->times.parse, failure != nullptr);
    item outcome(std::move(next->job), std::move(*record), next->times);
    co_await hand_over(index, std::move(outcome));
    // A queue full of pages must not keep this context from its sockets.
    co_await yield();
  }
}

template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::hand_over(unsigned index, item outcome) {
  stats_.enqueue(index, stage::save);
  co_await records_.send(std::move(outcome));
}

/// Cannot be cancelled: what has been parsed is saved. It ends with the queue.
template <class Job, class Page, class Record>
awaitable<void> pipeline<Job, Page, Record>::save_all() {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  std::vector<item> batch;
  while (std::optional<item> first = co_await records_.receive()) {
    batch.clear();
    batch.push_back(std::move(*first));
    while (batch.size() < options_.batch) {
      std::optional<item> more = records_.try_receive();
      if (!more) break;
      batch.push_back(std::move(*more));
    }
    const auto begin = co_await now();
    for (auto& one : batch) {
      one.times.wait_for_save = begin - one.times.ready;
      stats_.enter(0, stage::save, one.times.wait_for_save);
    }
    const auto work = [this, &batch] { steps_.save(std::span<item>(batch)); };
    co_await offload(work);
    const auto time = co_await now() - begin;
    for (std::size_t i = 0; i < batch.size(); ++i) stats_.leave(0, stage::save, time, false);
    jobs_.finished(batch.size());
  }
}

template <class Job, class Page, class Record>
unsigned pipeline<Job, Page, Record>::gatherers_of(unsigned index) const {
  const auto share = options_.concurrency / contexts_ + (index < options_.concurrency % contexts_ ? 1 : 0);
  return std::max(1U, share);
}

}  // namespace braid::scrape
