#include "options.hpp"

#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>

namespace braid::fetch {
namespace {

constexpr double polite_rate = 1;
constexpr double longest_timeout_seconds = 24 * 3600;
constexpr unsigned most_contexts = 1024;

constexpr const char* examples = R"(Examples:
  braid-serp fetch "rust atomics" "c++ coroutines" --engine google,bing
  braid-serp fetch --queries words.txt --pages 3 --out results.jsonl
  cat words.txt | braid-serp fetch --queries - --contexts auto --concurrency 64 --out results.csv
  braid-serp fetch "ravens" --endpoint google=http://127.0.0.1:8080

Results go to --out, everything else to stderr. A request that fails ends as a record with an error in it. The first
Ctrl-C finishes what is in flight, the second stops. Exit codes: 0 all done, 1 some failed, 2 usage, 3 nothing done,
130 interrupted.)";

/// What the command line says, before it is checked.
struct raw_options {
  std::vector<std::string> engines;
  std::vector<std::string> endpoints;
  std::string contexts = "1";
  std::string progress = "auto";
  std::string concurrency = "10";
  std::string suspend;
  std::vector<std::string> proxies;
  std::string proxies_file;
  std::string proxy_tag;
  double patience = 600;
  double rate = -1;
  double timeout = 30;
};

class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void require_known(const std::string& engine, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), engine) != known.end()) return;
  throw usage_error("unknown engine '" + engine + "'; there are " + list_of(known));
}

std::vector<std::string> engines_of(const raw_options& raw, const std::vector<std::string>& known) {
  std::vector<std::string> engines;
  for (const auto& engine : raw.engines) {
    require_known(engine, known);
    if (std::find(engines.begin(), engines.end(), engine) == engines.end()) engines.push_back(engine);
  }
  if (engines.empty()) throw usage_error("--engine names no engine; there are " + list_of(known));
  return engines;
}

std::map<std::string, std::string> endpoints_of(const raw_options& raw, const std::vector<std::string>& known) {
  std::map<std::string, std::string> endpoints;
  for (const auto& text : raw.endpoints) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) throw usage_error("--endpoint '" + text + "': expected ENGINE=URL");
    const auto engine = text.substr(0, equals);
    const auto address = text.substr(equals + 1);
    require_known(engine, known);
    try {
      const auto url = url::parse(address);
      if (url.scheme() != "http" && url.scheme() != "https")
        throw usage_error("--endpoint '" + text + "': expected http:// or https://");
      if (!url.query().empty())
        throw usage_error("--endpoint '" + text + "': expected no '?', the engine's own query goes there");
    } catch (const invalid_url& e) {
      throw usage_error("--endpoint '" + text + "': " + e.what());
    }
    endpoints[engine] = address;
  }
  return endpoints;
}

unsigned contexts_of(const std::string& text) {
  if (text == "auto") {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof(cores), &cores) != 0) return 1;
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&cores)));
  }
  unsigned number = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number == 0 || number > most_contexts) {
    throw usage_error("--contexts '" + text + "': expected 1 to " + std::to_string(most_contexts) + ", or auto");
  }
  return number;
}

/// "K", or "auto" with where to begin: "auto:100".
void read_concurrency(std::string_view text, fetch_options& options) {
  constexpr unsigned most = 100'000, most_adaptive = 1000, usual_start = 16;
  const auto number = [&](std::string_view digits, unsigned largest) {
    unsigned value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error == std::errc() && stop == end && value > 0 && value <= largest) return value;
    throw usage_error("--concurrency '" + std::string(text) + "': expected 1 to " + std::to_string(most) +
                      ", auto or auto:START with 1 to " + std::to_string(most_adaptive));
  };
  if (!text.starts_with("auto")) {
    options.concurrency = number(text, most);
    return;
  }
  options.concurrency = most_adaptive;
  options.adaptive_start = text == "auto" ? usual_start : number(text.substr(text.find(':') + 1), most_adaptive);
}

std::vector<scrape::proxy_entry> proxies_of(const raw_options& raw) {
  std::vector<scrape::proxy_entry> all;
  std::string where = "--proxy ";
  try {
    for (const auto& text : raw.proxies) all.push_back(scrape::parse_proxy(text));
    if (!raw.proxies_file.empty()) {
      where = "--proxies " + raw.proxies_file + ": ";
      std::ifstream in(raw.proxies_file, std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      if (!in) throw usage_error("--proxies " + raw.proxies_file + ": cannot be read");
      auto more = scrape::parse_proxies(text);
      if (more.empty()) throw usage_error("--proxies " + raw.proxies_file + ": no proxy in it");
      std::move(more.begin(), more.end(), std::back_inserter(all));
    }
  } catch (const invalid_argument& e) {
    throw usage_error(where + e.what());
  }
  if (raw.proxy_tag.empty()) return all;
  std::erase_if(all, [&raw](const scrape::proxy_entry& one) { return one.tag != raw.proxy_tag; });
  if (all.empty()) throw usage_error("--proxy-tag " + raw.proxy_tag + ": no proxy has this tag");
  return all;
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
  options.endpoints = endpoints_of(raw, known);
  options.contexts = contexts_of(raw.contexts);
  options.progress = style_of(raw.progress);
  if (raw.rate >= 0) options.rate = raw.rate;
  read_concurrency(raw.concurrency, options);
  options.proxies = proxies_of(raw);
  options.patience = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(raw.patience));
  try {
    if (!raw.suspend.empty()) options.suspensions = scrape::suspension_times::parse(raw.suspend);
  } catch (const invalid_argument& e) {
    throw usage_error(std::string("--suspend ") + e.what());
  }
  options.timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(raw.timeout));
  if (options.queries.empty() && options.queries_file.empty() && options.state_file.empty()) {
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
  app.add_option("-k,--concurrency", raw.concurrency,
                 "Requests in flight at once, over all contexts; auto finds out how many each engine takes")
      ->capture_default_str()
      ->type_name("K|auto");
  app.add_option("--contexts", raw.contexts,
                 "io_contexts, each on a thread of its own: a number, or auto for one a core")
      ->capture_default_str()
      ->type_name("N|auto");
  app.add_flag("--pin", options.pin, "Keep each context on one core");
  app.add_option(
         "--rate", raw.rate,
         "Requests a second toward each engine, 0 for no limit (1; no limit toward an endpoint on this machine)")
      ->check(CLI::Range(0.0, 1e6))
      ->type_name("R");
  app.add_option("--proxy", raw.proxies,
                 "Go through this proxy, 'URL [weight=N] [tag=T] [limit=K]'; may be repeated, requests take turns")
      ->type_name("URL")
      ->allow_extra_args(false);
  app.add_option("--proxies", raw.proxies_file, "A file of proxies, one a line")->type_name("FILE");
  app.add_option("--proxy-tag", raw.proxy_tag, "Only the proxies with this tag")->type_name("T");
  app.add_flag("--sticky", options.sticky, "The pages of a query go through the same proxy, while that works");
  app.add_flag("--robots", options.robots, "Ask only for what the engines' robots.txt allows");
  app.add_option(
         "--suspend", raw.suspend,
         "Seconds an engine is left alone after a refusal, as in captcha=3600,429=180; off for never (SearXNG's "
         "times; off toward an endpoint on this machine)")
      ->type_name("KIND=S,...");
  app.add_option("--patience", raw.patience,
                 "Seconds of a suspension that requests wait for; with a longer one they stay undone")
      ->check(CLI::Range(0.0, 30.0 * 24 * 3600))
      ->capture_default_str()
      ->type_name("S");
  app.add_option("--retries", options.retries, "Attempts after the first")
      ->check(CLI::Range(0U, 100U))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--timeout", raw.timeout, "Seconds that one attempt may take")
      ->check(CLI::Range(0.001, longest_timeout_seconds))
      ->capture_default_str()
      ->type_name("S");
  app.add_option("--endpoint", raw.endpoints, "Send an engine's requests there; may be repeated")
      ->type_name("E=URL")
      ->allow_extra_args(false);
  app.add_option(
         "-o,--out", options.out,
         "Where records go, by extension: .jsonl .json .csv .sqlite; or postgresql://HOST/DATABASE; - for standard "
         "output")
      ->capture_default_str()
      ->type_name("FILE");
  app.add_option("--state", options.state_file,
                 "Keep the queries and what is done in this SQLite file, and go on there after a crash")
      ->type_name("FILE");
  app.add_flag("--retry-failed", options.retry_failed,
               "With --state: what failed in earlier runs is queued again; its new record follows the old one, and "
               "replaces it in a table");
  app.add_option("--save-html", options.save_html,
                 "Keep the pages in this folder, zstd-compressed; braid-serp parse reads them")
      ->type_name("DIR");
  app.add_option("--progress", raw.progress, "How to show it on stderr")
      ->check(CLI::IsMember({"auto", "bar", "plain", "json", "none"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
    check(options, raw, known);
  } catch (const CLI::CallForHelp&) {
    return early_exit{0, app.help()};
  } catch (const CLI::ParseError& e) {
    return early_exit{2, std::string("braid-serp fetch: ") + e.what() + "\nTry braid-serp fetch --help\n"};
  } catch (const usage_error& e) {
    return early_exit{2, std::string("braid-serp fetch: ") + e.what() + "\n"};
  }
  return options;
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
