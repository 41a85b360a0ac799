#include "claims_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "bench/common/duration_text.hpp"
#include "bench/common/option_checks.hpp"

namespace braid::bench {
namespace {

constexpr auto examples = R"(Examples:
  braid-bench claims
      what is said for and against concurrency and parallelism, each measured on this machine; half a minute
  braid-bench claims --contexts 4 --duration 3s --repeat 5 --json claims.json
      longer, with narrower intervals

Exit codes: 0 all measured (whatever the verdicts), 2 usage, 3 nothing done, 130 interrupted.)";

}  // namespace

claims_arguments::claims_arguments(CLI::App& app) {
  app.footer(examples);
  app.add_option("--contexts", contexts_, "Contexts of the parallel experiments, 2 at least; auto: one a core")
      ->check(contexts_validator())
      ->capture_default_str();
  app.add_option("-d,--duration", run_for_, "How long each experiment is run, each time")
      ->check(duration_in(std::chrono::seconds(1)))
      ->capture_default_str();
  app.add_option("--repeat", options_.repeat, "Times that all experiments are run; intervals come from their scatter")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  app.add_option("--sessions", options_.sessions, "Sessions that are too many at once")
      ->check(CLI::Range(128U, 100'000U))
      ->capture_default_str();
  app.add_option("--origin", options_.origin_program,
                 "The braid-origin to start (default: the one beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--json", options_.json_file, "Write everything that was measured to FILE (- for stdout)");
  app.add_option("--report", options_.report_file, "Write a page with charts to FILE.html; it needs no network");
  add_progress(app, progress_);
}

claims_options claims_arguments::take() const {
  auto o = options_;
  o.contexts = std::max(contexts_from(contexts_), 2U);
  o.run_for = parse_duration(run_for_, std::chrono::seconds(1)).value();
  if (o.run_for.count() == 0) {
    throw CLI::ValidationError("--duration: must be longer than nothing");
  }
  o.progress = progress_from(progress_);
  return o;
}

}  // namespace braid::bench
