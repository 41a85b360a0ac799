#include "options.hpp"

#include <CLI/CLI.hpp>
#include <braid/core/error.hpp>
#include <braid/scrape/redis.hpp>

#include "../fetch/flags.hpp"
#include "../fetch/formats.hpp"
#include "../fetch/gathering_arguments.hpp"

namespace braid::worker {
namespace {

using fetch::early_exit;
using fetch::usage_error;

constexpr const char* worker_examples = R"(Examples:
  braid-serp fetch --queries words.txt --redis redis://127.0.0.1
  braid-serp worker --redis redis://127.0.0.1 --out postgresql://127.0.0.1/serp
  braid-serp worker --redis rediss://:PASSWORD@queue.example/2 --out mine.jsonl --concurrency 64 --contexts auto
  braid-serp queue --redis redis://127.0.0.1

Any number of workers, on any machines, share a queue: --rate and --suspend hold for all of them together, so give all
the same. A request is done when its record is safe; what a worker that died had is taken over after --lease. In
PostgreSQL a record is there once, however often its request was done; a file has it twice if the worker died in between.
The first Ctrl-C or SIGTERM finishes what is in flight and gives back the rest, the second stops. BRAID_REDIS stands for
--redis, which other users of the machine could see. Exit codes: 0 stopped in order, 1 not all could be given back, 2
usage, 3 records could not be saved, 130 stopped at once.)";

constexpr const char* queue_examples = R"(Examples:
  braid-serp queue --redis redis://127.0.0.1
  braid-serp queue --redis redis://127.0.0.1 --json
  braid-serp queue requeue --redis redis://127.0.0.1

lag: requests that no worker has taken. pending: those that one has. delayed: those that are tried again later. dead:
those that came back more often than a worker's --deliveries.)";

template <class Options>
void add_queue(CLI::App& app, Options& options) {
  app.add_option("--redis", options.redis, "The server: redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], rediss://")
      ->envname("BRAID_REDIS")
      ->required()
      ->type_name("URL");
  app.add_option("--queue", options.queue, "The name of the queue on it")->capture_default_str()->type_name("NAME");
}

template <class Options, class Check>
std::variant<Options, early_exit> parse(CLI::App& app, int argc, const char* const* argv, Options& options,
                                        Check check) {
  const auto name = app.get_name();
  try {
    fetch::refuse_values_of_flags(app);
    app.parse(argc, argv);
    scrape::redis_address::parse(options.redis);
    check();
  } catch (const CLI::CallForHelp&) {
    return early_exit{0, app.help()};
  } catch (const CLI::ParseError& e) {
    return early_exit{2, name + ": " + fetch::message_of(e) + "\nTry " + name + " --help\n"};
  } catch (const usage_error& e) {
    return early_exit{2, name + ": " + e.what() + "\n"};
  } catch (const invalid_argument& e) {
    return early_exit{2, name + ": --redis or --out: " + e.what() + "\n"};
  }
  return std::move(options);
}

}  // namespace

std::variant<worker_options, early_exit> parse_worker_line(int argc, const char* const* argv,
                                                           const std::vector<std::string>& known) {
  worker_options options;
  fetch::gathering_arguments gathering;
  CLI::App app("Fetches what is queued in Redis and saves the records.", "braid-serp worker");
  app.footer(worker_examples);
  add_queue(app, options);
  app.add_option("-o,--out", options.gathering.out, "postgresql://HOST/DATABASE for all workers, or a .jsonl file each")
      ->required()
      ->type_name("OUT");
  app.add_option("--lease", options.lease, "Seconds after which what a silent worker had goes to another")
      ->check(CLI::Range(0.5, 86400.0))
      ->capture_default_str()
      ->type_name("S");
  app.add_option("--deliveries", options.most_deliveries, "How often a request is handed out before it is dead")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str()
      ->type_name("N");
  app.add_flag("--until-empty", options.until_empty, "End when the queue is empty");
  gathering.add_to(app, options.gathering);
  return parse<worker_options>(app, argc, argv, options, [&] {
    gathering.check(options.gathering, known);
    const auto as = fetch::format_of(options.gathering.out);
    if (as != fetch::format::postgres && as != fetch::format::jsonl) {
      throw usage_error("--out: a worker writes to PostgreSQL or to a .jsonl file");
    }
    options.gathering.engines = known;
    // A suspension is the queue's: nothing waits for it here.
    options.gathering.patience = std::chrono::hours(24 * 365);
  });
}

std::variant<queue_options, early_exit> parse_queue_line(int argc, const char* const* argv) {
  queue_options options;
  std::string what;
  CLI::App app("Shows a queue in Redis, and queues dead requests again.", "braid-serp queue");
  app.footer(queue_examples);
  app.add_option("WHAT", what, "requeue: dead requests wait again")->check(CLI::IsMember({"requeue"}));
  add_queue(app, options);
  app.add_flag("--json", options.json, "One object, for programs");
  app.add_option("--most", options.most, "requeue: so many dead requests at most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40U))
      ->capture_default_str()
      ->type_name("N");
  return parse<queue_options>(app, argc, argv, options, [&] { options.requeue = !what.empty(); });
}

}  // namespace braid::worker
