#include "sweep_arguments.hpp"

#include <CLI/CLI.hpp>

#include "bench/common/duration_text.hpp"
#include "bench/common/option_checks.hpp"

namespace braid::bench {
namespace {

constexpr auto examples = R"(Examples:
  braid-bench sweep
      contexts 1, 2, ... up to the cores x concurrency 1, 2, 4, ... 64, against an origin of its own; half a minute
  braid-bench sweep --parse --latency 0 --concurrency 1,8,64 --duration 2s --repeat 5 --json sweep.json
      what contexts bring when pages are parsed: the work is the client's
  braid-bench sweep http://127.0.0.1:8080/ --contexts 1,2 --concurrency 1..256
      your own service

A cell is a pair of numbers: io_contexts, and tasks on all of them together. The Universal Scalability Law is fitted over
concurrency for each number of contexts, and over contexts; it tells contention, coherency and where throughput ends.
What lies beyond this machine's cores is marked as a prediction.

Exit codes: 0 all done, 1 some requests failed, 2 usage, 3 nothing done, 4 the figures are not supported by what was
measured, 130 interrupted.)";

CLI::Validator steps_validator() {
  const auto check = [](const std::string& text) {
    return parse_steps(text).empty() ? "'" + text + "' is no list such as 1,2,4 or 1..64" : std::string{};
  };
  return CLI::Validator(check, "LIST", "");
}

}  // namespace

sweep_arguments::sweep_arguments(CLI::App& app) {
  app.footer(examples);
  cell_.repeat = 3;
  app.add_option("URL", cell_.target, "Use this URL instead of an origin of our own; {n}: number of the request");
  app.add_option("--contexts", contexts_, "Numbers of contexts (default: 1, 2, 4, ... up to the cores)")
      ->check(steps_validator());
  app.add_option("-c,--concurrency", concurrency_, "Numbers of tasks, on all contexts together")
      ->check(steps_validator())
      ->capture_default_str();
  requests_given_ = app.add_option("-n,--requests", requests_, "Requests in each cell, instead of --duration")
                        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app.add_option("-d,--duration", run_for_, "How long each cell is run, each time")
      ->check(duration_in(std::chrono::seconds(1)))
      ->excludes(requests_given_)
      ->capture_default_str();
  app.add_option("--repeat", cell_.repeat, "Times that the whole grid is run; the bounds come from their scatter")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  app.add_option("--warm-up", warm_up_, "Run each cell for so long before it is measured; its connections are not kept")
      ->check(duration_in(std::chrono::seconds(1)))
      ->capture_default_str();
  app.add_flag("--pin", cell_.pin, "Pin each context to a core of its own");
  app.add_option("--latency", latency_, "How long the origin waits before each answer")
      ->check(duration_in(std::chrono::milliseconds(1)))
      ->capture_default_str();
  app.add_option("--page-bytes", page_bytes_, "Size of a page of the origin, about")
      ->check(size_validator())
      ->capture_default_str();
  app.add_option("--pages", cell_.pages, "Different pages, asked for in turn")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  app.add_flag("--parse", cell_.parse, "Parse each page into a record of its results");
  app.add_option("--engine", cell_.engine, "Whose result pages the origin serves and --parse reads")
      ->capture_default_str();
  app.add_option("--origin", cell_.origin_program, "The braid-origin to start (default: the one beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--json", cell_.json_file, "Write everything that was measured to FILE (- for stdout)");
  app.add_option("--report", cell_.report_file, "Write a page with charts to FILE.html; it needs no network");
  add_progress(app, progress_);
}

sweep_options sweep_arguments::take() const {
  sweep_options o;
  o.cell = cell_;
  if (*requests_given_) {
    o.cell.requests = requests_;
  } else {
    o.cell.run_for = parse_duration(run_for_, std::chrono::seconds(1));
  }
  o.cell.latency = parse_duration(latency_, std::chrono::milliseconds(1)).value();
  o.cell.warm_up = parse_duration(warm_up_, std::chrono::seconds(1)).value();
  o.cell.page_bytes = parse_size(page_bytes_).value();
  o.cell.progress = progress_from(progress_);
  o.contexts = contexts_.empty() ? powers_up_to(usable_cores()) : parse_steps(contexts_);
  o.concurrency = parse_steps(concurrency_);
  if (o.contexts.back() > 1024) {
    throw CLI::ValidationError("--contexts: 1024 at most");
  }
  if (o.cell.run_for && o.cell.run_for->count() == 0) {
    throw CLI::ValidationError("--duration: must be longer than nothing");
  }
  if (o.cell.latency > std::chrono::minutes(1)) {
    throw CLI::ValidationError("--latency: an origin answers within a minute");
  }
  if (o.plans().empty()) {
    throw CLI::ValidationError("--concurrency: every number leaves some context without a task");
  }
  return o;
}

}  // namespace braid::bench
