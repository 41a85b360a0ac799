#include "compare_arguments.hpp"

#include <CLI/CLI.hpp>

namespace braid::bench {
namespace {

constexpr auto examples = R"(Examples:
  braid-bench load http://127.0.0.1:8080/ --json before.json
  braid-bench load http://127.0.0.1:8080/ --json after.json
  braid-bench compare before.json after.json
      says "no difference", or what differs, by how much, and how sure that is
  braid-bench compare before.json after.json --least 5 --fail-if-worse
      for a CI job: differences under 5 % are none, and exit code 1 when the second is worse

Each repetition is one observation: requests within one are not independent of each other. Five repetitions a side or
more; the two files are best measured in turns on a quiet machine.

Exit codes: 0 compared, 1 worse (with --fail-if-worse), 2 usage, 3 nothing to compare, 4 not supported: too few
repetitions, or a run that said of itself that it supports no figure.)";

}  // namespace

compare_arguments::compare_arguments(CLI::App& app) {
  app.footer(examples);
  app.add_option("A", options_.a, "What `load --json` wrote, to compare with")->required()->check(CLI::ExistingFile);
  app.add_option("B", options_.b, "What `load --json` wrote, to judge")->required()->check(CLI::ExistingFile);
  app.add_option("--least", least_percent_, "A difference of less than so many % is none that matters")
      ->check(CLI::Range(0.0, 1000.0))
      ->capture_default_str();
  app.add_flag("--fail-if-worse", options_.fail_if_worse,
               "Exit code 1 when B has lower throughput, higher latency or more CPU per request");
  app.add_option("--json", options_.json_file, "Write the comparison to FILE (- for stdout)");
}

compare_options compare_arguments::take() const {
  auto o = options_;
  o.least = least_percent_ / 100;
  return o;
}

}  // namespace braid::bench
