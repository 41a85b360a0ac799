#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>
#include <braid/scrape/redis.hpp>

#include "flags.hpp"
#include "gathering_arguments.hpp"

namespace braid::fetch {
namespace {

constexpr double polite_rate = 1;

constexpr const char* examples = R"(Examples:
  braid-serp fetch "rust atomics" "c++ coroutines" --engine google,bing
  braid-serp fetch --queries words.txt --pages 3 --out results.jsonl
  cat words.txt | braid-serp fetch --queries - --contexts auto --concurrency 64 --out results.csv
  braid-serp fetch "ravens" --endpoint google=http://127.0.0.1:8080
  braid-serp fetch --replay pages --engines mine --out again.jsonl
  braid-serp fetch --queries words.txt --redis redis://127.0.0.1

Results go to --out, everything else to stderr. A request that fails ends as a record with an error in it. The first
Ctrl-C finishes what is in flight, the second stops. Exit codes: 0 all done, 1 some failed, 2 usage, 3 nothing done,
130 interrupted.)";

/// What the command line says, before it is checked.
struct raw_options {
  std::vector<std::string> engines;
  std::string progress = "auto";
  double patience = 600;
  gathering_arguments gathering;
};

std::vector<std::string> engines_of(const raw_options& raw, const std::vector<std::string>& known) {
  std::vector<std::string> engines;
  for (const auto& engine : raw.engines) {
    require_known(engine, known);
    if (std::find(engines.begin(), engines.end(), engine) == engines.end()) engines.push_back(engine);
  }
  if (engines.empty()) throw usage_error("--engine names no engine; there are " + list_of(known));
  return engines;
}

bool is_on_this_machine(const fetch_options& options, const std::string& engine) {
  const auto endpoint = options.endpoints.find(engine);
  if (endpoint == options.endpoints.end()) return false;
  const auto host = std::string(url::parse(endpoint->second).host());
  return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]";
}

progress_style style_of(const std::string& text) {
  if (text == "bar") return progress_style::bar;
  if (text == "plain") return progress_style::plain;
  if (text == "json") return progress_style::json;
  if (text == "none") return progress_style::none;
  return progress_style::automatic;
}

void check(fetch_options& options, const raw_options& raw, const std::vector<std::string>& known) {
  options.engines = engines_of(raw, known);
  raw.gathering.check(options, known);
  options.progress = style_of(raw.progress);
  try {
    if (!options.redis.empty()) scrape::redis_address::parse(options.redis);
  } catch (const invalid_argument& e) {
    throw usage_error(std::string("--redis: ") + e.what());
  }
  options.patience = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(raw.patience));
  const bool asked = !options.queries.empty() || !options.queries_file.empty();
  if (!options.replay.empty()) {
    if (asked) throw usage_error("--replay has its queries from the saved pages; no others can be asked");
    if (options.replay == options.out) throw usage_error("--replay and --out are the same file");
  } else if (!asked && options.state_file.empty()) {
    throw usage_error("no query: name some, or a file of them with --queries FILE (- for standard input)");
  }
  if (options.retry_failed && options.state_file.empty()) {
    throw usage_error("--retry-failed needs --state FILE: without one nothing is known of earlier runs");
  }
  if (!options.state_file.empty() && options.out == "-") {
    throw usage_error("--state needs --out FILE: what went to standard output cannot be continued");
  }
}

}  // namespace

std::variant<fetch_options, early_exit> parse_command_line(int argc, const char* const* argv,
                                                           const std::vector<std::string>& known) {
  fetch_options options;
  raw_options raw;
  raw.engines = {"google"};
  CLI::App app("Fetches search results and saves them as JSON.", "braid-serp fetch");
  app.footer(examples);
  app.add_option("QUERY", options.queries, "What to search for");
  app.add_option("--queries", options.queries_file, "File with one query a line; - for standard input")
      ->type_name("FILE");
  app.add_option("-e,--engine", raw.engines, "Engines, separated by commas (" + list_of(known) + ")")
      ->delimiter(',')
      ->capture_default_str()
      ->type_name("E,...");
  app.add_option("--pages", options.pages, "Result pages of each query")
      ->check(CLI::Range(1U, 100U))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--gl", options.gl, "Country of the search, as in 'us'")->type_name("CC");
  app.add_option("--hl", options.hl, "Language of the page, as in 'en'")->type_name("LL");
  app.add_option("--device", options.device, "Which pages to ask for")
      ->check(CLI::IsMember({"desktop", "mobile", "tablet"}))
      ->capture_default_str();
  raw.gathering.add_to(app, options);
  app.add_option("--patience", raw.patience,
                 "Seconds of a suspension that requests wait for; with a longer one they stay undone")
      ->check(CLI::Range(0.0, 30.0 * 24 * 3600))
      ->capture_default_str()
      ->type_name("S");
  app.add_option(
         "-o,--out", options.out,
         "Where records go, by extension: .jsonl .json .csv .sqlite; or postgresql://HOST/DATABASE; - for standard "
         "output")
      ->capture_default_str()
      ->type_name("FILE");
  auto* const state =
      app.add_option("--state", options.state_file,
                     "Keep the queries and what is done in this SQLite file, and go on there after a crash")
          ->type_name("FILE");
  app.add_flag("--retry-failed", options.retry_failed,
               "With --state: what failed in earlier runs is queued again; its new record follows the old one, and "
               "replaces it in a table");
  auto* const save_html =
      app.add_option("--save-html", options.save_html,
                     "Keep the pages in this folder, zstd-compressed; --replay and braid-serp parse read them")
          ->type_name("DIR");
  auto* const cache =
      app.add_option(
             "--cache", options.cache,
             "Keep responses in this folder, and use them again while the engine says that they hold (RFC 9111)")
          ->type_name("DIR");
  app.add_option("--replay", options.replay,
                 "Parse the pages of an earlier run again, without the network: the folder of --save-html, or the "
                 "JSONL records of that run")
      ->excludes(state)
      ->excludes(save_html)
      ->excludes(cache)
      ->type_name("DIR|FILE");
  auto* const redis =
      app.add_option("--redis", options.redis,
                     "Queue the requests in this Redis server for braid-serp worker, instead of doing them: "
                     "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], rediss://")
          ->excludes(state)
          ->type_name("URL");
  app.add_option("--queue", options.queue, "The name of the queue there")->capture_default_str()->type_name("NAME");
  app.add_option("--remember", options.remember_days,
                 "With --redis: days that the queue knows a request and does not take it again, about 220 bytes each")
      ->needs(redis)
      ->check(CLI::Range(0.0, 3650.0))
      ->capture_default_str()
      ->type_name("DAYS");
  app.add_flag("--wait", options.wait, "With --redis: wait until all that is queued there is done")->needs(redis);
  app.add_option("--engines", options.engines_folder, "A folder of engine definitions that take precedence")
      ->type_name("DIR");
  app.add_option("--report", options.report,
                 "Write what happened as an HTML page with plots: rates, latencies, limits, proxies, fields")
      ->type_name("FILE.html");
  app.add_option(
         "--metrics", options.metrics,
         "Tell Prometheus how the run goes: answer on http://ADDRESS:PORT/metrics, or write a file every second")
      ->type_name("A:P|FILE");
  app.add_option("--log", options.log, "Append each request, record and suspension to this file, as a line of JSON")
      ->type_name("FILE");
  app.add_option("--progress", raw.progress, "How to show it on stderr")
      ->check(CLI::IsMember({"auto", "bar", "plain", "json", "none"}))
      ->capture_default_str();
  try {
    refuse_values_of_flags(app);
    app.parse(argc, argv);
    check(options, raw, known);
  } catch (const CLI::CallForHelp&) {
    return early_exit{0, app.help()};
  } catch (const CLI::ParseError& e) {
    return early_exit{2, std::string("braid-serp fetch: ") + message_of(e) + "\nTry braid-serp fetch --help\n"};
  } catch (const usage_error& e) {
    return early_exit{2, std::string("braid-serp fetch: ") + e.what() + "\n"};
  }
  return options;
}

std::string engines_folder_of(int argc, const char* const* argv) {
  constexpr std::string_view name = "--engines";
  std::string folder;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    if (word == name && i + 1 < argc) folder = argv[i + 1];
    if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) folder = word.substr(name.size() + 1);
  }
  return folder;
}

double rate_of(const fetch_options& options, const std::string& engine) {
  if (options.rate) return *options.rate;
  return is_on_this_machine(options, engine) ? 0 : polite_rate;
}

scrape::suspension_times suspensions_of(const fetch_options& options, const std::string& engine) {
  if (options.suspensions) return *options.suspensions;
  return is_on_this_machine(options, engine) ? scrape::suspension_times::off() : scrape::suspension_times();
}

}  // namespace braid::fetch
