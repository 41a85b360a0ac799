#include "gathering_arguments.hpp"

#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>
#include <braid/net/endpoint.hpp>
#include <charconv>
#include <fstream>
#include <iterator>

namespace braid::fetch {
namespace {

constexpr double longest_timeout_seconds = 24 * 3600;
constexpr unsigned most_contexts = 1024;

std::map<std::string, std::string> endpoints_of(const std::vector<std::string>& texts,
                                                const std::vector<std::string>& known) {
  std::map<std::string, std::string> endpoints;
  for (const auto& text : texts) {
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

}  // namespace

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void require_known(const std::string& engine, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), engine) != known.end()) return;
  throw usage_error("unknown engine '" + engine + "'; there are " + list_of(known));
}

std::vector<scrape::proxy_entry> gathering_arguments::proxies() const {
  std::vector<scrape::proxy_entry> all;
  std::string where = "--proxy ";
  try {
    for (const auto& text : proxies_) all.push_back(scrape::parse_proxy(text));
    if (!proxies_file_.empty()) {
      where = "--proxies " + proxies_file_ + ": ";
      std::ifstream in(proxies_file_, std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      if (!in) throw usage_error("--proxies " + proxies_file_ + ": cannot be read");
      auto more = scrape::parse_proxies(text);
      if (more.empty()) throw usage_error("--proxies " + proxies_file_ + ": no proxy in it");
      std::move(more.begin(), more.end(), std::back_inserter(all));
    }
  } catch (const invalid_argument& e) {
    throw usage_error(where + e.what());
  }
  if (proxy_tag_.empty()) return all;
  std::erase_if(all, [this](const scrape::proxy_entry& one) { return one.tag != proxy_tag_; });
  if (all.empty()) throw usage_error("--proxy-tag " + proxy_tag_ + ": no proxy has this tag");
  return all;
}

void gathering_arguments::add_to(CLI::App& app, fetch_options& options) {
  app.add_option("-k,--concurrency", concurrency_,
                 "Requests in flight at once, over all contexts; auto finds out how many each engine takes")
      ->capture_default_str()
      ->type_name("K|auto");
  app.add_option("--contexts", contexts_, "io_contexts, each on a thread of its own: a number, or auto for one a core")
      ->capture_default_str()
      ->type_name("N|auto");
  app.add_flag("--pin", options.pin, "Keep each context on one core");
  app.add_option(
         "--rate", rate_,
         "Requests a second toward each engine, 0 for no limit (1; no limit toward an endpoint on this machine)")
      ->check(CLI::Range(0.0, 1e6))
      ->type_name("R");
  app.add_option(
         "--proxy", proxies_,
         "Go through this proxy, 'URL [weight=N] [tag=T] [limit=K] [rate=R]'; may be repeated, requests take turns")
      ->type_name("URL")
      ->allow_extra_args(false);
  app.add_option("--proxies", proxies_file_, "A file of proxies, one a line")->type_name("FILE");
  app.add_option("--proxy-tag", proxy_tag_, "Only the proxies with this tag")->type_name("T");
  app.add_flag("--sticky", options.sticky, "The pages of a query go through the same proxy, while that works");
  app.add_flag("--robots", options.robots, "Ask only for what the engines' robots.txt allows");
  app.add_option(
         "--suspend", suspend_,
         "Seconds an engine is left alone after a refusal, as in captcha=3600,429=180; off for never (SearXNG's "
         "times; off toward an endpoint on this machine)")
      ->type_name("KIND=S,...");
  app.add_option("--retries", options.retries, "Attempts after the first")
      ->check(CLI::Range(0U, 100U))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--timeout", timeout_, "Seconds that one attempt may take")
      ->check(CLI::Range(0.001, longest_timeout_seconds))
      ->capture_default_str()
      ->type_name("S");
  app.add_option("--interface", options.interface, "Connect from this address of this machine")->type_name("ADDRESS");
  app.add_option("--endpoint", endpoints_, "Send an engine's requests there; may be repeated")
      ->type_name("E=URL")
      ->allow_extra_args(false);
}

void gathering_arguments::check(fetch_options& options, const std::vector<std::string>& known) const {
  options.endpoints = endpoints_of(endpoints_, known);
  options.contexts = contexts_of(contexts_);
  if (rate_ >= 0) options.rate = rate_;
  read_concurrency(concurrency_, options);
  if (!options.interface.empty() && !net::endpoint::parse(options.interface, 0)) {
    throw usage_error("--interface '" + options.interface + "': expected a numeric address");
  }
  options.proxies = proxies();
  try {
    if (!suspend_.empty()) options.suspensions = scrape::suspension_times::parse(suspend_);
  } catch (const invalid_argument& e) {
    throw usage_error(std::string("--suspend ") + e.what());
  }
  options.timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(timeout_));
}

}  // namespace braid::fetch
