#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <sstream>

#include "bench/claims/claims_arguments.hpp"
#include "bench/compare/compare_arguments.hpp"
#include "bench/load/load_arguments.hpp"
#include "bench/modes/modes_arguments.hpp"
#include "bench/sweep/sweep_arguments.hpp"

namespace braid::bench {
namespace {

constexpr int usage_error = 2;

constexpr auto examples = R"(Examples:
  braid-bench modes
      one io_context or several: 400 requests of 100 ms each in five arrangements, against an origin of its own
  braid-bench load http://127.0.0.1:8080/ -c 64 --duration 5s --json before.json
      how fast a service answers: throughput, percentiles, processor time
  braid-bench compare before.json after.json
      whether two of these differ by more than chance
  braid-bench sweep
      how throughput grows with contexts and with concurrency, what limits it, and what more cores would bring
  braid-bench claims
      what is said for and against concurrency and parallelism, each measured here

`braid-bench COMMAND --help` has more of them.

Exit codes: 0 all done, 1 some requests failed, 2 usage, 3 nothing done, 4 the figures are not supported by what was
measured, 130 interrupted.)";

}  // namespace

command parse_command_line(int argc, const char* const* argv) {
  CLI::App app{"braid-bench: one io_context or several? Measures it on this machine, on your own service.",
               "braid-bench"};
  app.set_version_flag("--version", "braid-bench " BRAID_VERSION);
  app.footer(examples);
  app.require_subcommand(1);
  auto* modes = app.add_subcommand(
      "modes", "The same work sequentially, concurrently, in parallel, and both: what each arrangement brings");
  auto* load =
      app.add_subcommand("load", "Requests to a URL, as fast as it answers or at a fixed rate: how it bears up");
  auto* compare = app.add_subcommand("compare", "Two results of load: what differs, and whether that can be chance");
  auto* sweep = app.add_subcommand("sweep", "A grid of contexts and concurrency, and the law of how they scale");
  auto* claims =
      app.add_subcommand("claims", "What is said for and against concurrency and parallelism, measured here");
  modes_arguments for_modes(*modes);
  load_arguments for_load(*load);
  compare_arguments for_compare(*compare);
  sweep_arguments for_sweep(*sweep);
  claims_arguments for_claims(*claims);
  try {
    app.parse(argc, argv);
    if (load->parsed()) {
      return for_load.take();
    }
    if (compare->parsed()) {
      return for_compare.take();
    }
    if (sweep->parsed()) {
      return for_sweep.take();
    }
    if (claims->parsed()) {
      return for_claims.take();
    }
    return for_modes.take();
  } catch (const CLI::ParseError& e) {
    std::ostringstream out;
    std::ostringstream err;
    const bool answered = app.exit(e, out, err) == 0;
    return answered ? early_exit{0, out.str()} : early_exit{usage_error, "braid-bench: " + err.str()};
  }
}

}  // namespace braid::bench
