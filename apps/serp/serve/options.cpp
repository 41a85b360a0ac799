#include "options.hpp"

#include <CLI/CLI.hpp>
#include <braid/core/error.hpp>
#include <braid/scrape/table_sink.hpp>
#include <charconv>

#include "../fetch/flags.hpp"
#include "../fetch/gathering_arguments.hpp"
#include "access.hpp"

namespace braid::serve {
namespace {

using fetch::usage_error;

constexpr const char* examples = R"(Examples:
  braid-serp serve
  braid-serp serve --state tasks.sqlite --contexts auto --concurrency 64
  braid-serp serve --endpoint google=http://127.0.0.1:8080/google
  braid-serp serve --new-token ann >> tokens
  braid-serp serve --redis redis://127.0.0.1 --results postgresql://127.0.0.1/serp
  braid-serp serve --listen 0.0.0.0:8443 --tokens tokens --cert chain.pem --key key.pem

  curl http://127.0.0.1:8090/v1/scrape -d engine=google -d q=ravens

/openapi.json describes the API. The first Ctrl-C finishes what is in flight, the second stops; what waits is done
after the next start with the same --state. With --redis the workers' rates, proxies and endpoints hold, not the
server's, and pages as they came (output=html) are not to be had.)";

void read_address(const std::string& text, serve_options& into) {
  const auto colon = text.rfind(':');
  const auto digits = colon == std::string::npos ? std::string() : text.substr(colon + 1);
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, into.port);
  if (digits.empty() || error != std::errc() || stop != end) {
    throw usage_error("--listen '" + text + "': expected ADDRESS:PORT");
  }
  into.address = text.substr(0, colon);
  if (into.address.starts_with('[') && into.address.ends_with(']')) {
    into.address = into.address.substr(1, into.address.size() - 2);
  }
}

void check(const cluster_options& what) {
  if (what.redis.empty()) return;
  try {
    scrape::redis_address::parse(what.redis);
    scrape::postgres_name(what.results);
  } catch (const invalid_argument& e) {
    throw usage_error(std::string("--redis or --results: ") + e.what());
  }
}

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace

std::string objection(const std::string& address, bool has_tokens, bool has_tls, bool insecure) {
  const bool here = is_loopback_host(address) || address == "::1";
  if (here || insecure || (has_tokens && has_tls)) return {};
  return "--listen " + address +
         " is open to other machines: give it --tokens, and --cert and --key, or say "
         "--insecure-listen";
}

std::variant<serve_options, fetch::early_exit> parse_command_line(int argc, const char* const* argv,
                                                                  const std::vector<std::string>& known) {
  serve_options options;
  fetch::gathering_arguments gathering;
  std::string listen = "127.0.0.1:8090";
  double cache = 3600, wait = 120;
  CLI::App app("Answers search requests over HTTP, as JSON.", "braid-serp serve");
  app.footer(examples);
  app.add_option("--listen", listen, "Where to listen; port 0 takes a free one")
      ->capture_default_str()
      ->type_name("A:P");
  app.add_option("--state", options.state_file, "Keep tasks and results in this SQLite file (in memory without it)")
      ->type_name("FILE");
  app.add_option("--keep", options.keep_days, "Days that results are kept")
      ->check(CLI::Range(0.0, 36500.0))
      ->capture_default_str()
      ->type_name("DAYS");
  app.add_option("--cache", cache, "Seconds that a result answers the same request again; 0 for never")
      ->check(CLI::Range(0.0, 30.0 * 24 * 3600))
      ->capture_default_str()
      ->type_name("S");
  app.add_option("--wait", wait, "Seconds that /v1/scrape waits for its task, then it answers 202")
      ->check(CLI::Range(0.0, 240.0))
      ->capture_default_str()
      ->type_name("S");
  app.add_option("--max-waiting", options.most_waiting, "Tasks that may wait; with more, new ones are refused")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40U))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--tokens", options.tokens_file,
                 "Who may use it: lines of NAME SHA256 [rate=TASKS/S] [quota=TASKS/DAY]")
      ->type_name("FILE");
  app.add_option("--new-token", options.new_token,
                 "Make a token: it goes to standard error, its line for --tokens to standard output")
      ->type_name("NAME");
  auto* cert =
      app.add_option("--cert", options.cert_file, "Speak TLS with this certificate chain, PEM")->type_name("FILE");
  app.add_option("--key", options.key_file, "Its key, PEM")->type_name("FILE")->needs(cert);
  auto* redis = app.add_option("--redis", options.cluster.redis,
                               "Let the workers of the queue on this server do the tasks (braid-serp worker)")
                    ->envname("BRAID_REDIS")
                    ->type_name("URL");
  app.add_option("--queue", options.cluster.queue, "The name of the queue on it")
      ->capture_default_str()
      ->type_name("NAME");
  auto* results = app.add_option("--results", options.cluster.results, "Where the workers save: postgresql://...")
                      ->type_name("URL")
                      ->needs(redis);
  redis->needs(results);
  app.add_option("--callback-secret-file", options.callback_secret_file,
                 "Send callbacks, signed with the secret in this file, or with that in BRAID_CALLBACK_SECRET")
      ->type_name("FILE");
  app.add_option("--callback-attempts", options.callback_attempts, "How often a callback is tried, at most, in a day")
      ->check(CLI::Range(1U, 100U))
      ->capture_default_str()
      ->type_name("N");
  app.add_flag("--callbacks-to-private-addresses", options.private_callbacks,
               "Callbacks may lead to this machine and into its network");
  app.add_flag("--insecure-listen", options.insecure, "Listen beyond this machine without tokens or without TLS");
  gathering.add_to(app, options.gathering);
  try {
    fetch::refuse_values_of_flags(app);
    app.parse(argc, argv);
    read_address(listen, options);
    gathering.check(options.gathering, known);
    check(options.cluster);
    if (options.cert_file.empty() != options.key_file.empty()) throw usage_error("--cert and --key go together");
    const auto wrong =
        objection(options.address, !options.tokens_file.empty(), !options.cert_file.empty(), options.insecure);
    if (!wrong.empty()) throw usage_error(wrong);
  } catch (const CLI::CallForHelp&) {
    return fetch::early_exit{0, app.help()};
  } catch (const CLI::ParseError& e) {
    return fetch::early_exit{
        2, std::string("braid-serp serve: ") + fetch::message_of(e) + "\nTry braid-serp serve --help\n"};
  } catch (const usage_error& e) {
    return fetch::early_exit{2, std::string("braid-serp serve: ") + e.what() + "\n"};
  }
  options.cache = milliseconds_of(cache);
  options.wait = milliseconds_of(wait);
  options.gathering.engines = known;
  // A task waits as long as its engine is suspended: there is no end of a run at which it would stay undone.
  options.gathering.patience = std::chrono::hours(24 * 365);
  return options;
}

}  // namespace braid::serve
