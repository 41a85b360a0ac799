#include "fetch_command.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/scrape/table_sink.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "drift_notes.hpp"
#include "engine_pages.hpp"
#include "fetcher.hpp"
#include "formats.hpp"
#include "metrics_outlet.hpp"
#include "options.hpp"
#include "page_archive.hpp"
#include "plan.hpp"
#include "progress_view.hpp"
#include "query_list.hpp"
#include "replay.hpp"
#include "run_history.hpp"
#include "run_log.hpp"
#include "run_metrics.hpp"
#include "run_report.hpp"
#include "saver.hpp"
#include "shared_queue.hpp"
#include "summary.hpp"

namespace braid::fetch {
namespace {

constexpr std::size_t queries_at_a_time = 4096;

using pipeline_type = scrape::pipeline<job, fetched_page, record>;

void say(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

/// Cuts off what an earlier run wrote and did not live to commit.
void continue_from(stored_jobs_shared& state, scrape::sink& sink) {
  if (!state.has_mark()) {
    state.set_mark(sink.position());
    return;
  }
  if (sink.position() < state.mark()) {
    throw io_error(
        "--state: the output is shorter than when its last record was saved; delete the state to start afresh");
  }
  sink.resume(state.mark());
}

/// Everything a run consists of, in the order it depends on each other.
class run {
 public:
  run(fetch_options options, const engine_pages& engines)
      : options_(std::move(options)),
        engines_(engines),
        as_(format_of(options_.out)),
        fetcher_(options_, engines_, jobs_),
        drift_(options_),
        view_(options_.progress),
        log_(options_.log) {
    if (!log_.is_on()) return;
    fetcher_.on_attempt([this](const job& what, const request_facts& facts, duration time, const auto& failure) {
      log_.attempt(what, facts, time, failure);
    });
  }

  /// Reads the queries, opens the files. Throws io_error, invalid_argument.
  void prepare();
  int execute();

 private:
  void load();
  void load_with_state();
  void load_replay();
  void read_queries(query_list& queries) const;
  std::unique_ptr<scrape::sink> open_output() const;
  pipeline_type::steps_type steps();
  scrape::pipeline_options pipeline_options() const;
  awaitable<scrape::gather_result<fetched_page>> gather(job& what);
  void say_notes();
  void sample(const pipeline_type& line, time_point now);
  awaitable<void> keep_history(const pipeline_type& line);
  void write_report(const run_result& ended);
  void log_end(const run_result& ended);
  std::unique_ptr<metrics_outlet> open_metrics(const pipeline_type& line);
  awaitable<void> show_progress(const pipeline_type& line);
  awaitable<void> fetch_all(pipeline_type& line, interrupt& stop);
  run_counts counts(const pipeline_type& line) const;
  run_result result(const pipeline_type& line) const;

  const fetch_options options_;
  const engine_pages& engines_;
  const format as_;
  scrape::frontier_shared<job> jobs_;
  fetcher fetcher_;
  drift_notes_shared drift_;
  std::unique_ptr<page_archive_shared> archive_;  // null: pages are not kept
  replay replay_;
  std::unique_ptr<saver> saver_;
  progress_view view_;
  std::uint64_t total_ = 0;
  run_log_shared log_;
  std::unique_ptr<metrics_outlet> metrics_;
  run_history history_;
  std::unique_ptr<scrape::output_file> report_;  // null: none is wanted
  std::chrono::system_clock::time_point started_at_;
  time_point begin_;
  duration time_{};
  bool interrupted_ = false;
  bool sink_failed_ = false;
};

void run::prepare() {
  // Whether it can be written is known before anything is asked for.
  if (!options_.report.empty()) {
    report_ = std::make_unique<scrape::output_file>(options_.report, scrape::output_file::mode::replace);
  }
  if (!options_.save_html.empty()) {
    archive_ = std::make_unique<page_archive_shared>(options_.save_html);
  }
  if (!options_.replay.empty()) {
    load_replay();
  } else if (options_.state_file.empty()) {
    load();
  } else {
    load_with_state();
  }
  if (total_ == 0) say("no queries, nothing to do\n");
}

std::unique_ptr<scrape::sink> run::open_output() const {
  auto sink = open_sink(options_.out, as_);
  if (sink->repaired() > 0) {
    say(options_.out + ": removed an unfinished record of " + std::to_string(sink->repaired()) + " bytes at its end\n");
  }
  return sink;
}

void run::load() {
  query_list queries;
  read_queries(queries);
  say(plan_notes(options_, queries.duplicates(), queries.empty_lines()));
  auto plan = plan_jobs(options_, queries.queries(), engines_);
  saver_ = std::make_unique<saver>(open_output(), nullptr, as_);
  for (auto& next : plan) {
    fetcher_.tally().expect(next.engine, 1);
    auto key = request_key(next);
    const auto lane = fetcher_.lane_of(next.engine);
    jobs_.add(std::move(next), std::move(key), lane);
  }
  jobs_.seal();
  total_ = jobs_.waiting();
}

/// All in a lane of their own, without a rate: nobody has to be spared.
void run::load_replay() {
  replay_ = replay(options_.replay);
  if (replay_.without_page() > 0) say(std::to_string(replay_.without_page()) + " records have no page, skipped\n");
  saver_ = std::make_unique<saver>(open_output(), nullptr, as_);
  const auto lane = jobs_.add_lane();
  for (auto& next : replay_.jobs()) jobs_.add(std::move(next), lane);
  jobs_.seal();
  total_ = jobs_.waiting();
}

/// Memory holds a few thousand queries at a time, however many there are.
void run::load_with_state() {
  // A password has no place in the state.
  const auto subject = as_ == format::postgres ? scrape::postgres_name(options_.out)
                                               : std::filesystem::absolute(options_.out).lexically_normal().string();
  const auto lane_of = [this](const std::string& engine) { return fetcher_.lane_of(engine); };
  auto state = std::make_unique<stored_jobs_shared>(options_.state_file, subject, options_, engines_, jobs_, lane_of);
  jobs_.on_undone([kept = state.get()](scrape::lanes::id which) { kept->leave_lane(which); });
  auto sink = open_output();
  if (!sink->can_resume()) throw io_error("--state needs an output that is a file; " + options_.out + " is none");
  continue_from(*state, *sink);

  const bool fresh = state->counts().added == 0;
  std::size_t known = 0;
  query_list queries(queries_at_a_time, [&](const std::vector<std::string>& some) {
    const auto plan = plan_jobs(options_, some, engines_);
    known += plan.size() - state->add(plan);
  });
  read_queries(queries);
  queries.flush();
  const auto doubled = fresh ? known / (options_.engines.size() * options_.pages) : 0;
  say(plan_notes(options_, queries.duplicates() + doubled, queries.empty_lines()));
  if (options_.retry_failed) say(std::to_string(state->retry_failed()) + " failed in an earlier run, queued again\n");
  const auto counts = state->counts();
  total_ = counts.waiting;
  if (counts.done + counts.failed > 0) {
    say(std::to_string(counts.done + counts.failed) + " done in an earlier run, " + std::to_string(total_) + " left\n");
  }
  state->refill();
  saver_ = std::make_unique<saver>(std::move(sink), std::move(state), as_);
}

void run::read_queries(query_list& queries) const {
  for (const auto& query : options_.queries) queries.add(query);
  if (!options_.queries_file.empty()) queries.add_file(options_.queries_file);
}

pipeline_type::steps_type run::steps() {
  pipeline_type::steps_type steps;
  steps.gather = [this](job& what) { return gather(what); };
  steps.parse = [this](const job& what, fetched_page page) {
    if (archive_) page.facts.raw_html_file = archive_->keep(what, page);
    const auto facts = page.facts;
    auto made = parse_page(engines_, what, std::move(page), as_);
    if (options_.replay.empty()) fetcher_.parsed(what, facts, made);
    if (!made.fallen.empty()) drift_.note(what, made);
    return made;
  };
  steps.give_up = [this](const job& what, scrape::stage, const std::exception_ptr& failure) {
    return failed_record(what, failure, as_);
  };
  steps.save = [this](std::span<saver::item> items) {
    saver_->save(items);
    for (const auto& one : items) {
      log_.saved(one.job, one.record);
      fetcher_.tally().saved(one.job.engine, one.record.metadata.value("proxy", ""), one.record.what);
    }
  };
  return steps;
}

scrape::pipeline_options run::pipeline_options() const {
  scrape::pipeline_options options;
  options.concurrency = options_.concurrency;
  options.contexts = options_.contexts;
  // With --state a batch waits for the disk.
  if (!options_.state_file.empty()) options.save_queue = options.batch = 1024;
  return options;
}

awaitable<scrape::gather_result<fetched_page>> run::gather(job& what) {
  if (options_.replay.empty()) co_return co_await fetcher_.gather(what);
  const auto* here = context::of(co_await asio::this_coro::executor);
  co_return replay_.page(what, here == nullptr ? 0 : here->index());
}

run_counts run::counts(const pipeline_type& line) const {
  const auto saved = saver_->counts();
  run_counts counts;
  counts.total = total_;
  counts.done = saved.success;
  counts.blocked = saved.blocked;
  counts.failed = saved.failed;
  counts.in_flight = line.counts(scrape::stage::gather).in_flight;
  counts.waiting_for_parse = line.counts(scrape::stage::parse).waiting;
  counts.waiting_for_save = line.counts(scrape::stage::save).waiting;
  counts.engines = fetcher_.tally().engines();
  counts.proxies = fetcher_.tally().proxies();
  return counts;
}

void run::say_notes() {
  const auto notes = fetcher_.take_notes() + drift_.take_notes();
  if (notes.empty()) return;
  view_.clear();
  say(notes);
  log_.write("note", {{"text", notes}});
}

/// Until cancelled. A run that is over before the first line was due needs none.
awaitable<void> run::show_progress(const pipeline_type& line) {
  while (true) {
    co_await sleep_for(view_.interval());
    say_notes();
    if (view_.style() == progress_style::none) continue;
    view_.update(counts(line), co_await now(), begin_);
  }
}

void run::sample(const pipeline_type& line, time_point now) {
  const auto at = counts(line);
  const auto recent = fetcher_.tally().take_recent();
  run_sample one;
  one.at_s = std::chrono::duration<double>(now - begin_).count();
  one.done = at.done;
  one.blocked = at.blocked;
  one.failed = at.failed;
  one.in_flight = at.in_flight;
  one.waiting_for_parse = at.waiting_for_parse;
  one.waiting_for_save = at.waiting_for_save;
  one.p50_s = std::chrono::duration<double>(recent.duration_at(50)).count();
  one.p99_s = std::chrono::duration<double>(recent.duration_at(99)).count();
  history_.add(one);
}

/// Until cancelled.
awaitable<void> run::keep_history(const pipeline_type& line) {
  while (true) {
    co_await sleep_for(std::chrono::duration_cast<duration>(std::chrono::duration<double>(history_.interval_s())));
    sample(line, co_await now());
  }
}

/// Null where nobody wants metrics.
std::unique_ptr<metrics_outlet> run::open_metrics(const pipeline_type& line) {
  if (options_.metrics.empty()) return nullptr;
  auto text = [this, &line] { return run_metrics(counts(line), fetcher_); };
  auto outlet = std::make_unique<metrics_outlet>(options_.metrics, text,
                                                 [this] { say("metrics on " + metrics_->address() + '\n'); });
  return outlet;
}

void run::log_end(const run_result& ended) {
  nlohmann::ordered_json facts;
  facts["done"] = ended.saved.success;
  facts["blocked"] = ended.saved.blocked;
  facts["failed"] = ended.saved.failed;
  facts["undone"] = ended.total - std::min(ended.total, ended.saved.all());
  facts["interrupted"] = ended.interrupted;
  log_.write("end", std::move(facts));
  if (const auto trouble = log_.trouble(); !trouble.empty()) say("--log ended early: " + trouble + '\n');
}

void run::write_report(const run_result& ended) {
  if (!report_) return;
  const auto all = run_report(options_, ended, fetcher_, engines_, history_, begin_, started_at_);
  report_->write(report_page(all));
  say("report: " + options_.report + '\n');
}

awaitable<void> run::fetch_all(pipeline_type& line, interrupt& stop) {
  stop.on_request([this] {
    interrupted_ = true;
    view_.clear();
    say("finishing what is in flight; Ctrl-C again stops at once\n");
    jobs_.stop();
  });
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(show_progress(line), "progress");
    if (metrics_) group.spawn(metrics_->run(), "metrics");
    if (report_) group.spawn(keep_history(line), "history");
    co_await stop.cancels(line.run());
    group.cancel();
  });
}

run_result run::result(const pipeline_type& line) const {
  run_result result;
  result.total = total_;
  result.saved = saver_->counts();
  result.errors = saver_->errors();
  result.interrupted = interrupted_;
  result.sink_failed = sink_failed_;
  result.time = time_;
  result.gather = line.report(scrape::stage::gather);
  result.parse = line.report(scrape::stage::parse);
  result.save = line.report(scrape::stage::save);
  return result;
}

int run::execute() {
  // A reader that goes away is an error to report, not a reason to die.
  std::signal(SIGPIPE, SIG_IGN);
  runtime_options contexts;
  contexts.contexts = options_.contexts;
  contexts.pin = options_.pin;
  runtime everywhere(contexts);
  pipeline_type line(jobs_, steps(), pipeline_options());
  interrupt stop(everywhere.at(0).executor());
  try {
    metrics_ = open_metrics(line);
    log_.write("begin", {{"requests", total_}});
  } catch (const error& e) {
    say(std::string("braid-serp fetch: ") + e.what() + '\n');
    return 2;
  }
  begin_ = clock::now();
  started_at_ = std::chrono::system_clock::now();
  std::exception_ptr failure;
  try {
    everywhere.run([&] { return fetch_all(line, stop); });
  } catch (...) {
    failure = std::current_exception();
  }
  time_ = clock::now() - begin_;
  view_.clear();
  const auto note = [this](const std::exception_ptr& error) {
    if (!error || is_cancelled(error)) return;
    sink_failed_ = true;
    say("braid-serp fetch: " + describe(error) + '\n');
  };
  note(failure);
  try {
    if (!sink_failed_) saver_->finish();
    if (metrics_) metrics_->finish();
  } catch (...) {
    note(std::current_exception());
  }
  if (report_) sample(line, clock::now());
  auto ended = result(line);
  say(fetcher_.take_notes() + drift_.take_notes() + summary_text(ended) + fetcher_.summary() +
      drift_summary(engines_.fallen()));
  log_end(ended);
  try {
    write_report(ended);
  } catch (...) {
    note(std::current_exception());
    ended.sink_failed = true;
  }
  return exit_code(ended);
}

}  // namespace

int fetch_command(int argc, const char* const* argv, const engine_pages& engines) {
  auto parsed = parse_command_line(argc, argv, engines.engines());
  if (const auto* exit = std::get_if<early_exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  std::unique_ptr<run> all;
  try {
    if (const auto& options = std::get<fetch_options>(parsed); !options.redis.empty()) {
      return queue_requests(options, engines);
    }
    all = std::make_unique<run>(std::move(std::get<fetch_options>(parsed)), engines);
    all->prepare();
  } catch (const error& e) {
    say(std::string("braid-serp fetch: ") + e.what() + '\n');
    return 2;
  }
  return all->execute();
}

}  // namespace braid::fetch
