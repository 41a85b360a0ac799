#include "modes_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "bench/common/duration_text.hpp"
#include "bench/common/option_checks.hpp"

namespace braid::bench {
namespace {

constexpr auto examples = R"(Examples:
  braid-bench modes
      400 requests at 100 ms each in five modes, three times, against an origin of its own (takes three minutes: sequential
      waits 40 s)
  braid-bench modes --sequential-requests 40
      the same in a minute: sequential is measured on 40 requests and extrapolated, and the table says so
  braid-bench modes --only concurrent,parallel-concurrent --parse --page-bytes 300K --latency 0 --duration 5s
      what a second context brings when pages are parsed
  braid-bench modes --only concurrent,parallel-concurrent -c 10 --parse --trace trace.json
      what each task waited for and when it ran; open trace.json in ui.perfetto.dev
  braid-bench modes --target 'http://127.0.0.1:8080/search?q=n{n}' --concurrency 50 --json modes.json
      your own service; {n} is the number of the request

Exit codes: 0 all done, 1 some requests failed, 2 usage, 3 nothing done, 130 interrupted.)";

CLI::Validator mode_name() {
  const auto check = [](const std::string& text) {
    return mode_from(text) ? std::string{} : "there is no mode '" + text + "'";
  };
  return CLI::Validator(check, "MODE", "");
}

/// What no single option can check. Empty when all is well.
std::string contradiction(const modes_options& o) {
  if (o.run_for && o.run_for->count() == 0) {
    return "--duration: must be longer than nothing";
  }
  const auto uses = [&](mode kind) {
    return o.only.empty() || std::find(o.only.begin(), o.only.end(), kind) != o.only.end();
  };
  if (o.concurrency < o.contexts && uses(mode::parallel_concurrent)) {
    return "--concurrency " + std::to_string(o.concurrency) + " leaves some of " + std::to_string(o.contexts) +
           " contexts without a task; give at least --concurrency " + std::to_string(o.contexts);
  }
  if (o.latency > std::chrono::minutes(1)) {
    return "--latency: an origin answers within a minute";
  }
  if (o.trace_file == "-") {
    return "--trace: name a file; the table goes to stdout";
  }
  if (o.sequential_requests && o.run_for) {
    return "--sequential-requests has no meaning with --duration";
  }
  return {};
}

}  // namespace

modes_arguments::modes_arguments(CLI::App& app) {
  app.footer(examples);
  options_.repeat = 3;
  requests_given_ = app.add_option("-n,--requests", requests_, "Requests in each mode (default 400)")
                        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app.add_option("--duration", run_for_, "Run each mode for this long instead")
      ->check(duration_in(std::chrono::seconds(1)))
      ->excludes(requests_given_);
  sequential_requests_given_ =
      app.add_option("--sequential-requests", sequential_requests_,
                     "Requests in the sequential mode only; its wall time is extrapolated and marked so")
          ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app.add_option("-c,--concurrency", options_.concurrency, "Tasks in the concurrent modes, in all")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  app.add_option("--contexts", contexts_, "Contexts (threads) of the parallel modes; auto: one a core")
      ->check(contexts_validator())
      ->capture_default_str();
  app.add_flag("--pin", options_.pin, "Pin each context to a core of its own");
  app.add_option("--latency", latency_, "How long the origin waits before each answer")
      ->check(duration_in(std::chrono::milliseconds(1)))
      ->capture_default_str();
  app.add_option("--page-bytes", page_bytes_, "Size of a page of the origin, about")
      ->check(size_validator())
      ->capture_default_str();
  app.add_option("--pages", options_.pages, "Different pages, asked for in turn")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  app.add_flag("--parse", options_.parse, "Parse each page into a record of its results and write it to nowhere");
  app.add_option("--engine", options_.engine, "Whose result pages the origin serves and --parse reads")
      ->capture_default_str();
  app.add_option("--target", options_.target,
                 "Use this URL instead of an origin of our own; {n}: number of the request");
  app.add_option("--origin", options_.origin_program,
                 "The braid-origin to start (default: the one beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--only", only_, "Only these modes: sequential, concurrent, parallel, parallel-concurrent, shared")
      ->delimiter(',')
      ->check(mode_name());
  app.add_option("--repeat", options_.repeat,
                 "Repeat everything; the table then shows the mean ± its 95 % confidence interval")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  app.add_option("--warm-up", warm_up_, "Run each mode for so long before it is measured; its connections are not kept")
      ->check(duration_in(std::chrono::seconds(1)))
      ->capture_default_str();
  app.add_option("--json", options_.json_file, "Write everything that was measured to FILE (- for stdout)");
  app.add_option("--report", options_.report_file, "Write a page with charts to FILE.html; it needs no network");
  app.add_option("--trace", options_.trace_file,
                 "Write what each task did when, in the first round, to FILE.json for ui.perfetto.dev");
  add_progress(app, progress_);
}

modes_options modes_arguments::take() {
  auto o = options_;
  if (*requests_given_) {
    o.requests = requests_;
  }
  if (*sequential_requests_given_) {
    o.sequential_requests = sequential_requests_;
  }
  if (!run_for_.empty()) {
    o.run_for = parse_duration(run_for_, std::chrono::seconds(1));
  } else if (!o.requests) {
    o.requests = 400;
  }
  o.latency = parse_duration(latency_, std::chrono::milliseconds(1)).value();
  o.warm_up = parse_duration(warm_up_, std::chrono::seconds(1)).value();
  o.page_bytes = parse_size(page_bytes_).value();
  o.contexts = contexts_from(contexts_);
  o.progress = progress_from(progress_);
  o.record = !o.trace_file.empty() || !o.report_file.empty();
  for (const auto kind : all_modes()) {
    if (std::find(only_.begin(), only_.end(), to_string(kind)) != only_.end()) {
      o.only.push_back(kind);
    }
  }
  if (const auto problem = contradiction(o); !problem.empty()) {
    throw CLI::ValidationError(problem);
  }
  return o;
}

}  // namespace braid::bench
