#pragma once

#include <braid/scrape/proxy_pool.hpp>
#include <braid/scrape/suspension.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace braid::fetch {

enum class progress_style : std::uint8_t { automatic, bar, plain, json, none };

/// What `braid-serp fetch` was asked to do. Engines are names that exist; endpoints are URLs that parse.
struct fetch_options {
  fetch_options() = default;

  std::vector<std::string> queries;  ///< from the command line
  std::string queries_file;          ///< "-" for standard input; empty for none
  std::vector<std::string> engines;  ///< at least one, no name twice
  unsigned pages = 1;
  std::string gl;
  std::string hl;
  std::string device = "desktop";
  unsigned concurrency = 10;
  std::optional<unsigned> adaptive_start;  ///< requests at once toward each engine to begin with; empty: no such limit
  unsigned contexts = 1;                   ///< never 0 after parsing
  bool pin = false;
  std::optional<double> rate;  ///< requests a second and engine; 0 for no limit
  bool robots = false;
  std::vector<scrape::proxy_entry> proxies;  ///< empty: requests go directly
  bool sticky = false;                       ///< the pages of a query go through the same proxy
  std::optional<scrape::suspension_times> suspensions;
  std::chrono::nanoseconds patience = std::chrono::minutes(10);
  bool repeats = true;  ///< a request whose kept connection breaks is sent once more, beside the rate and the retries
  unsigned retries = 2;
  std::chrono::nanoseconds timeout = std::chrono::seconds(30);
  std::map<std::string, std::string> endpoints;
  std::string interface;  ///< the address of this machine to connect from; empty for any
  std::string out = "-";
  std::string state_file;
  bool retry_failed = false;  ///< only with a state file
  std::string save_html;
  std::string replay;          ///< pages of an earlier run are parsed, and nothing is asked for; empty: no
  std::string metrics;         ///< ADDRESS:PORT or a file; empty: none
  std::string log;             ///< a file of JSON lines; empty: none
  std::string report;          ///< an HTML file; empty: none
  std::string cache;           ///< a folder of responses that may be used again; empty: none
  std::string engines_folder;  ///< definitions that take precedence
  std::string redis;           ///< the requests are queued there, for workers; empty: they are done here
  std::string queue = "serp";  ///< the name of the queue there
  double remember_days = 7;    ///< that the queue knows a request, and does not take it again
  bool wait = false;           ///< until the queue's requests are done
  progress_style progress = progress_style::automatic;
};

/// The command line was answered or refused: print `text` (to stderr when code is not 0) and exit with `code`.
struct early_exit {
  int code = 0;
  std::string text;
};

/// `known` are the engines there are definitions for. argv[0] is the command's own name.
std::variant<fetch_options, early_exit> parse_command_line(int argc, const char* const* argv,
                                                           const std::vector<std::string>& known);

/// The folder that --engines names on a command line that is still to be parsed: the definitions there decide which
/// engines the rest may name. Empty without one.
std::string engines_folder_of(int argc, const char* const* argv);

/// The politeness toward one engine: what --rate says, else one request a second toward a real engine and no limit
/// toward an endpoint on this machine. Zero is no limit.
double rate_of(const fetch_options& options, const std::string& engine);

/// For how long one engine is left alone after a refusal: what --suspend says, else SearXNG's times for a real engine
/// and none for an endpoint on this machine.
scrape::suspension_times suspensions_of(const fetch_options& options, const std::string& engine);

}  // namespace braid::fetch
