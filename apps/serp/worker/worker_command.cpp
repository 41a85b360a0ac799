#include "worker_command.hpp"

#include <algorithm>
#include <atomic>
#include <braid/core/error.hpp>
#include <braid/measure/format.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/pipeline.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>

#include "../fetch/fetcher.hpp"
#include "../fetch/formats.hpp"
#include "../fetch/page_record.hpp"
#include "../fetch/stored_jobs.hpp"
#include "job_feed.hpp"
#include "options.hpp"
#include "proxy_circle.hpp"

namespace braid::worker {
namespace {

/// A job that is given back is not to come round faster than that, whoever gives it back.
constexpr auto shortest_delay = std::chrono::milliseconds(20);
constexpr auto unknown_delay = std::chrono::minutes(1);
constexpr auto notes_interval = std::chrono::seconds(1);
/// A database that is started anew is back within that.
constexpr int save_attempts = 6;
constexpr auto first_save_pause = std::chrono::milliseconds(500);

void say(const std::string& line) { std::fputs(("braid-serp worker: " + line + '\n').c_str(), stderr); }

/// The rate is that of all workers together, which the queue keeps.
fetch::fetch_options local_options(const worker_options& options) {
  auto own = options.gathering;
  own.rate = 0;
  own.repeats = false;  // each request has a token
  return own;
}

runtime_options contexts_of(const fetch::fetch_options& options) {
  runtime_options contexts;
  contexts.contexts = options.contexts;
  contexts.pin = options.pin;
  return contexts;
}

/// Everything a worker consists of, in the order it depends on each other.
class service {
 public:
  service(const worker_options& options, const fetch::engine_pages& engines)
      : options_(options),
        gathering_(local_options(options)),
        engines_(engines),
        sink_(fetch::open_sink(gathering_.out, as())),
        everywhere_(contexts_of(gathering_)),
        redis_(scrape::redis_address::parse(options.redis)),
        queue_(redis_, frontier_options(options)),
        proxy_redis_(scrape::redis_address::parse(options.redis)),
        proxies_(proxy_redis_, proxies_options(options)),
        circle_(proxies_, everywhere_.at(0), say),
        fetcher_(gathering_, engines_, jobs_),
        feed_(
            queue_, feed_options_of(), [this](const auto& taken, auto ticket) { add(taken, ticket); }, say),
        line_(jobs_, steps(), line_options()) {
    if (!gathering_.proxies.empty()) fetcher_.share_proxies(circle_);
    fetcher_.on_hold(
        [this](const std::string& engine, duration time, time_point now) { feed_.suspend(engine, time, now); });
  }

  int run();

 private:
  using pipeline_type = scrape::pipeline<fetch::job, fetch::fetched_page, fetch::record>;

  static scrape::redis_frontier_options frontier_options(const worker_options& options);
  static scrape::redis_proxies_options proxies_options(const worker_options& options);
  fetch::format as() const { return fetch::format_of(gathering_.out); }
  feed_options feed_options_of() const;
  scrape::pipeline_options line_options() const;
  pipeline_type::steps_type steps();
  void add(const scrape::redis_taken& taken, std::uint64_t ticket);
  awaitable<scrape::gather_result<fetch::fetched_page>> gather(fetch::job& what);
  void save(std::span<pipeline_type::item> items);
  void write(std::span<const std::string> records);
  awaitable<void> take();
  awaitable<void> show_notes();
  awaitable<void> look_at_server();
  awaitable<void> work(interrupt& stop);

  const worker_options& options_;
  const fetch::fetch_options gathering_;
  const fetch::engine_pages& engines_;
  std::unique_ptr<scrape::sink> sink_;
  runtime everywhere_;  // before the connections that live on it
  scrape::redis_connection redis_;
  scrape::redis_frontier queue_;
  scrape::frontier_shared<fetch::job> jobs_;
  scrape::redis_connection proxy_redis_;  // its own: a request waits for nothing but its turn
  scrape::redis_proxies proxies_;
  proxy_circle_shared circle_;
  fetch::fetcher fetcher_;
  job_feed_shared feed_;
  pipeline_type line_;
  std::atomic<std::uint64_t> saved_ = 0, failed_ = 0;
};

scrape::redis_frontier_options service::frontier_options(const worker_options& options) {
  scrape::redis_frontier_options all;
  all.queue = options.queue;
  all.lease = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(options.lease));
  all.most_deliveries = options.most_deliveries;
  return all;
}

scrape::redis_proxies_options service::proxies_options(const worker_options& options) {
  scrape::redis_proxies_options all;
  all.queue = options.queue;
  // A probe whose worker died is made again by another.
  all.probe = std::chrono::ceil<std::chrono::milliseconds>(options.gathering.timeout) + std::chrono::seconds(5);
  return all;
}

feed_options service::feed_options_of() const {
  feed_options feed;
  feed.slots = gathering_.concurrency;
  for (const auto& engine : engines_.engines()) feed.rates[engine] = rate_of(options_.gathering, engine);
  feed.lease = std::chrono::duration_cast<duration>(std::chrono::duration<double>(options_.lease));
  feed.until_empty = options_.until_empty;
  return feed;
}

scrape::pipeline_options service::line_options() const {
  scrape::pipeline_options line;
  line.concurrency = gathering_.concurrency;
  line.contexts = gathering_.contexts;
  return line;
}

service::pipeline_type::steps_type service::steps() {
  pipeline_type::steps_type steps;
  steps.gather = [this](fetch::job& what) { return gather(what); };
  steps.parse = [this](const fetch::job& what, fetch::fetched_page page) {
    const auto facts = page.facts;
    auto made = parse_page(engines_, what, std::move(page), as());
    fetcher_.parsed(what, facts, made);
    return made;
  };
  steps.give_up = [this](const fetch::job& what, scrape::stage, const std::exception_ptr& failure) {
    return failed_record(what, failure, as());
  };
  steps.save = [this](std::span<pipeline_type::item> items) { save(items); };
  return steps;
}

void service::add(const scrape::redis_taken& taken, std::uint64_t ticket) {
  auto what = fetch::job_of_key(taken.text, gathering_, engines_);
  what.ticket = ticket;
  what.attempts = taken.attempts;
  const auto lane = fetcher_.lane_of(what.engine);
  jobs_.add(std::move(what), lane);
}

/// What cannot be done now goes back to the queue, for whoever is free then.
awaitable<scrape::gather_result<fetch::fetched_page>> service::gather(fetch::job& what) {
  struct slot {
    job_feed_shared& feed;
    ~slot() { feed.gathered(); }
  };
  const slot held{feed_};
  const auto begin = co_await now();
  if (const auto until = feed_.suspended_until(what.engine); until > begin) {
    feed_.later(what.ticket, until - begin, false);
    co_return std::nullopt;
  }
  const auto attempts = what.attempts;
  auto pending = fetcher_.gather(what);
  auto result = co_await std::move(pending);
  if (result.later()) {
    const auto delay = *result.later() - co_await now();
    feed_.later(what.ticket, std::max<duration>(delay, shortest_delay), what.attempts > attempts);
    co_return std::nullopt;
  }
  // No page and no moment: nothing here can do it for now.
  if (!result.page()) feed_.later(what.ticket, unknown_delay, false);
  co_return result;
}

/// A database that went away is waited for; the leases are renewed meanwhile.
void service::write(std::span<const std::string> records) {
  for (int attempt = 1;; ++attempt) {
    try {
      if (!sink_) sink_ = fetch::open_sink(gathering_.out, as());
      sink_->write(records);
      sink_->sync();
      return;
    } catch (const error& e) {
      if (as() != fetch::format::postgres || attempt == save_attempts) throw;
      say(std::string(e.what()) + "; trying again");
    }
    sink_.reset();
    std::this_thread::sleep_for(first_save_pause * (1 << (attempt - 1)));
  }
}

void service::save(std::span<pipeline_type::item> items) {
  const auto now = std::chrono::system_clock::now();
  std::vector<std::string> texts;
  std::vector<std::uint64_t> tickets;
  std::uint64_t failures = 0;
  for (auto& one : items) {
    texts.push_back(finished_text(one.record, one.times, now, as()));
    tickets.push_back(one.job.ticket);
    if (one.record.what != fetch::outcome::success) ++failures;
  }
  write(texts);
  feed_.saved(tickets);
  saved_ += items.size();
  failed_ += failures;
}

awaitable<void> service::show_notes() {
  while (true) {
    co_await sleep_for(notes_interval);
    if (const auto notes = fetcher_.take_notes(); !notes.empty()) std::fputs(notes.c_str(), stderr);
  }
}

/// The end of taking is the end of the frontier.
awaitable<void> service::take() {
  co_await feed_.take_all();
  jobs_.stop();
}

awaitable<void> service::look_at_server() {
  std::vector<std::string> concerns;
  try {
    auto pending = queue_.concerns();
    concerns = co_await std::move(pending);
  } catch (const error&) {
    // The feed tells of it, and tries again.
  }
  for (const auto& one : concerns) say(redis_.name() + ": " + one);
}

awaitable<void> service::work(interrupt& stop) {
  stop.on_request([this] {
    say("finishing what is in flight; Ctrl-C again stops at once");
    feed_.stop();
    jobs_.stop();
  });
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(feed_.renew_all(), "renew");
    group.spawn(show_notes(), "notes");
    group.spawn(look_at_server(), "settings");
    if (!gathering_.proxies.empty()) group.spawn(circle_.tell_all(), "proxies");
    co_await with_task_group([&](task_group& telling) -> awaitable<void> {
      telling.spawn(feed_.tell_all(), "tell");
      std::exception_ptr failure;
      try {
        co_await with_task_group([&](task_group& taking) -> awaitable<void> {
          taking.spawn(take(), "take");
          co_await stop.cancels(line_.run());
          feed_.stop();
        });
      } catch (...) {
        failure = std::current_exception();
      }
      feed_.close();
      if (failure) std::rethrow_exception(failure);
    });
    group.cancel();
  });
}

int service::run() {
  std::signal(SIGPIPE, SIG_IGN);
  interrupt stop(everywhere_.at(0).executor());
  say(queue_.consumer() + " takes from " + redis_.name() + ", queue " + options_.queue);
  std::exception_ptr failure;
  try {
    everywhere_.run([&] { return work(stop); });
    sink_->finish();
  } catch (...) {
    failure = std::current_exception();
  }
  say(measure::format_count(saved_) + " records saved, " + measure::format_count(failed_) + " of them errors; " +
      measure::format_count(redis_.sent()) + " bytes to Redis, " + measure::format_count(redis_.received()) +
      " from it");
  if (failure && is_cancelled(failure)) return 130;
  if (failure) {
    say(describe(failure));
    return 3;
  }
  if (feed_.held() == 0) return 0;
  say(measure::format_count(feed_.held()) + " requests could not be told of; others take them after the lease");
  return 1;
}

}  // namespace

int worker_command(int argc, const char* const* argv, const fetch::engine_pages& engines) {
  auto parsed = parse_worker_line(argc, argv, engines.engines());
  if (const auto* exit = std::get_if<fetch::early_exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  try {
    service all(std::get<worker_options>(parsed), engines);
    return all.run();
  } catch (const error& e) {
    say(e.what());
    return 2;
  }
}

}  // namespace braid::worker
