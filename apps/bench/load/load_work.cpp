#include "load_work.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/http/response.hpp>
#include <braid/measure/schedule.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <exception>

#include "bench/common/failure_code.hpp"
#include "bench/common/numbered.hpp"
#include "bench/run/request_spans.hpp"

namespace braid::bench {
namespace {

namespace asio = boost::asio;

/// Until `due`, in pieces, so that Ctrl-C is not kept waiting by a low rate. False when the run is over before.
awaitable<bool> wait_until_due(timer_queue& timers, time_point due, const load_schedule& schedule) {
  constexpr auto piece = std::chrono::milliseconds(200);
  for (auto now = timers.now(); now < due; now = timers.now()) {
    co_await sleep_until(std::min(due, now + piece));
  }
  co_return !schedule.over(timers.now());
}

}  // namespace

load_job::load_job(const load_options& options) : fields_(options.fields) {
  std::vector<std::uint64_t> weights;
  for (const auto& entry : options.mix) {
    weights.push_back(entry.weight);
    const bool by_number = is_numbered(entry.url);
    kinds_.push_back({entry, by_number, made_of(entry, 0)});
  }
  cycle_ = measure::weighted_cycle(weights);
}

http::request load_job::made_of(const mix_entry& entry, std::uint64_t number) const {
  http::request what(entry.method, numbered(entry.url, number));
  for (const auto& [name, value] : fields_) {
    what.header(name, value);
  }
  if (!entry.body.empty()) {
    what.body(entry.body);
  }
  return what;
}

http::request load_job::request_of(std::uint64_t number) const {
  const auto& which = kinds_[cycle_[number % cycle_.size()]];
  return which.numbered ? made_of(which.entry, number) : which.ready;
}

awaitable<void> load_work(http::client client, const load_job& job, load_schedule& schedule, load_tally& mine,
                          std::uint32_t number) {
  auto& timers = timer_queue::of(co_await asio::this_coro::executor);
  while (const auto turn = schedule.take(timers.now())) {
    if (turn->due > timers.now()) {
      const bool goes_on = co_await wait_until_due(timers, turn->due, schedule);
      if (!goes_on) {
        break;
      }
    }
    std::exception_ptr failure;
    const auto sent = timers.now();
    mine.late.record(sent - turn->due);
    mine.last_sent = sent - schedule.begin();
    try {
      auto what = job.request_of(turn->number);
      const auto answer = co_await client.send(std::move(what));
      const auto answered = timers.now();
      mine.answered(answer.status(), answer.body().size(), answered - turn->due, answered - sent);
      if (mine.spans) add_request(*mine.spans, number, sent - schedule.begin(), answer.timings());
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      mine.failed(code_of(failure), describe(failure));
      if (mine.spans) {
        add_span(*mine.spans, number, task_phase::failed, sent - schedule.begin(), timers.now() - schedule.begin());
      }
    }
  }
}

awaitable<void> load_work_on_context(unsigned workers, http::client client, const load_job& job,
                                     load_schedule& schedule, load_tally& mine) {
  const auto before = measure::thread_time_of_self();
  const auto begin = clock::now();
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    for (unsigned i = 0; i < workers; ++i) {
      group.spawn(load_work(client, job, schedule, mine, mine.first_worker + i));
    }
    co_return;
  });
  mine.wall = clock::now() - begin;
  mine.used = measure::thread_time_of_self() - before;
}

}  // namespace braid::bench
