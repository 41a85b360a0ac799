#include "options.hpp"

#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "duration_text.hpp"

namespace braid::bench {
namespace {

using std::chrono::nanoseconds;

constexpr int usage_error = 2;

constexpr auto examples = R"(Examples:
  braid-bench modes
      400 requests at 100 ms each in five modes, against an origin of its own (takes a minute: sequential waits 40 s)
  braid-bench modes --sequential-requests 40
      the same in 25 s: sequential is measured on 40 requests and extrapolated, and the table says so
  braid-bench modes --only concurrent,parallel-concurrent --parse --page-bytes 300K --latency 0 --duration 5s
      what a second context brings when pages are parsed
  braid-bench modes --target 'http://127.0.0.1:8080/search?q=n{n}' --concurrency 50 --json modes.json
      your own service; {n} is the number of the request

Exit codes: 0 all done, 1 some requests failed, 2 usage, 3 nothing done, 130 interrupted.)";

/// A size with an optional suffix: 300K, 1M. Powers of 1024.
std::optional<std::uint64_t> parse_size(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string suffix(end, text.data() + text.size());
  if (error != std::errc{} || value > (std::uint64_t{1} << 40)) {
    return std::nullopt;
  }
  if (suffix.empty() || suffix == "B") return value;
  if (suffix == "K" || suffix == "KB" || suffix == "KiB") return value << 10;
  if (suffix == "M" || suffix == "MB" || suffix == "MiB") return value << 20;
  return std::nullopt;
}

CLI::Validator duration_in(nanoseconds unit) {
  const auto check = [unit](const std::string& text) {
    return parse_duration(text, unit) ? std::string{} : "'" + text + "' is no duration such as 100ms, 1.5s, 2min";
  };
  return CLI::Validator(check, "TIME", "");
}

CLI::Validator size() {
  const auto check = [](const std::string& text) {
    return parse_size(text) ? std::string{} : "'" + text + "' is no size such as 4096, 300K, 1M";
  };
  return CLI::Validator(check, "SIZE", "");
}

CLI::Validator contexts_validator() {
  const auto check = [](const std::string& text) -> std::string {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (text == "auto" || (number && value >= 1 && value <= 1024)) {
      return {};
    }
    return "'" + text + "' is neither auto nor a number from 1 to 1024";
  };
  return CLI::Validator(check, "N|auto", "");
}

CLI::Validator mode_name() {
  const auto check = [](const std::string& text) {
    return mode_from(text) ? std::string{} : "there is no mode '" + text + "'";
  };
  return CLI::Validator(check, "MODE", "");
}

/// Options as CLI11 collects them, before they have types.
struct raw {
  std::string run_for;
  std::string latency = "100ms";
  std::string page_bytes = "32K";
  std::string contexts = "auto";
  std::string progress = "auto";
  std::vector<std::string> only;
  std::uint64_t requests = 0;
  std::uint64_t sequential_requests = 0;
};

struct modes_flags {
  CLI::Option* requests = nullptr;
  CLI::Option* sequential_requests = nullptr;
};

modes_flags add_modes(CLI::App& app, modes_options& o, raw& r) {
  modes_flags flags;
  flags.requests = app.add_option("-n,--requests", r.requests, "Requests in each mode (default 400)")
                       ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app.add_option("--duration", r.run_for, "Run each mode for this long instead")
      ->check(duration_in(std::chrono::seconds(1)))
      ->excludes(flags.requests);
  flags.sequential_requests =
      app.add_option("--sequential-requests", r.sequential_requests,
                     "Requests in the sequential mode only; its wall time is extrapolated and marked so")
          ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  app.add_option("-c,--concurrency", o.concurrency, "Tasks in the concurrent modes, in all")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  app.add_option("--contexts", r.contexts, "Contexts (threads) of the parallel modes; auto: one a core")
      ->check(contexts_validator())
      ->capture_default_str();
  app.add_flag("--pin", o.pin, "Pin each context to a core of its own");
  app.add_option("--latency", r.latency, "How long the origin waits before each answer")
      ->check(duration_in(std::chrono::milliseconds(1)))
      ->capture_default_str();
  app.add_option("--page-bytes", r.page_bytes, "Size of a page of the origin, about")
      ->check(size())
      ->capture_default_str();
  app.add_option("--pages", o.pages, "Different pages, asked for in turn")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  app.add_flag("--parse", o.parse, "Parse each page into a record of its results and write it to nowhere");
  app.add_option("--engine", o.engine, "Whose result pages the origin serves and --parse reads")->capture_default_str();
  app.add_option("--target", o.target, "Use this URL instead of an origin of our own; {n}: number of the request");
  app.add_option("--origin", o.origin_program, "The braid-origin to start (default: the one beside this program)")
      ->check(CLI::ExistingFile);
  app.add_option("--only", r.only, "Only these modes: sequential, concurrent, parallel, parallel-concurrent, shared")
      ->delimiter(',')
      ->check(mode_name());
  app.add_option("--repeat", o.repeat,
                 "Repeat everything; the table then shows the mean ± its 95 % confidence interval")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  app.add_option("--json", o.json_file, "Write everything that was measured to FILE (- for stdout)");
  app.add_option("--progress", r.progress, "auto, bar, plain or none; on stderr")
      ->check(CLI::IsMember({"auto", "bar", "plain", "none"}))
      ->capture_default_str();
  return flags;
}

progress_style progress_from(const std::string& name) {
  if (name == "bar") return progress_style::bar;
  if (name == "plain") return progress_style::plain;
  return name == "none" ? progress_style::none : progress_style::automatic;
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
  if (o.sequential_requests && o.run_for) {
    return "--sequential-requests has no meaning with --duration";
  }
  return {};
}

void fill(modes_options& o, const raw& r, const modes_flags& flags) {
  if (*flags.requests) {
    o.requests = r.requests;
  }
  if (*flags.sequential_requests) {
    o.sequential_requests = r.sequential_requests;
  }
  if (!r.run_for.empty()) {
    o.run_for = parse_duration(r.run_for, std::chrono::seconds(1));
  } else if (!o.requests) {
    o.requests = 400;
  }
  o.latency = parse_duration(r.latency, std::chrono::milliseconds(1)).value();
  o.page_bytes = parse_size(r.page_bytes).value();
  o.contexts = r.contexts == "auto" ? usable_cores() : static_cast<unsigned>(std::stoul(r.contexts));
  o.progress = progress_from(r.progress);
  for (const auto kind : all_modes()) {
    if (std::find(r.only.begin(), r.only.end(), to_string(kind)) != r.only.end()) {
      o.only.push_back(kind);
    }
  }
}

}  // namespace

std::optional<std::uint64_t> modes_options::requests_of(mode kind) const {
  return kind == mode::sequential && sequential_requests ? sequential_requests : requests;
}

std::vector<mode_plan> modes_options::plans() const {
  std::vector<mode_plan> out;
  for (const auto kind : only.empty() ? std::vector<mode>(all_modes().begin(), all_modes().end()) : only) {
    out.push_back(plan_of(kind, contexts, concurrency));
  }
  return out;
}

unsigned usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) {
    return 1;
  }
  return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

std::variant<modes_options, early_exit> parse_command_line(int argc, const char* const* argv) {
  modes_options options;
  raw collected;
  CLI::App app{"braid-bench: one io_context or several? Measures it on this machine, on your own service.",
               "braid-bench"};
  app.set_version_flag("--version", "braid-bench " BRAID_VERSION);
  app.footer(examples);
  app.require_subcommand(1);
  auto* modes = app.add_subcommand(
      "modes", "The same work sequentially, concurrently, in parallel, and both: what each arrangement brings");
  modes->footer(examples);
  const auto flags = add_modes(*modes, options, collected);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream out;
    std::ostringstream err;
    const bool answered = app.exit(e, out, err) == 0;
    return answered ? early_exit{0, out.str()} : early_exit{usage_error, "braid-bench: " + err.str()};
  }
  fill(options, collected, flags);
  if (const auto problem = contradiction(options); !problem.empty()) {
    return early_exit{usage_error, "braid-bench: " + problem + "\nRun with --help for more information.\n"};
  }
  return options;
}

}  // namespace braid::bench
