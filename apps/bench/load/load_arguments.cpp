#include "load_arguments.hpp"

#include <CLI/CLI.hpp>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>

#include "bench/common/duration_text.hpp"
#include "bench/common/numbered.hpp"
#include "bench/common/option_checks.hpp"

namespace braid::bench {
namespace {

constexpr auto examples = R"(Examples:
  braid-bench load http://127.0.0.1:8080/ -c 64
      closed loop: 64 connections, each asks again when it is answered; 5 repetitions of 2 s
  braid-bench load http://127.0.0.1:8080/ --rate 2000 --duration 10s -c 256 --contexts 2
      open loop: 2,000 requests a second, whatever the answers do; latency counts from when a request was due, so that
      a stall shows in all the requests that it held up. -c bounds the requests in flight
  braid-bench load https://127.0.0.1:8443/ --http2 --cacert our-ca.pem --requests 20000 --json new.json
      20,000 requests over HTTP/2; new.json is for `braid-bench compare`
  braid-bench load http://127.0.0.1:8080/ --mix mix.txt
      a line of mix.txt: weight method url [body], such as `80 GET /search?q=coffee+{n}` or `20 POST /items {"a":1}`

Checks: was the generator the bottleneck (its cores 95 % busy), did the rate hold, was a repetition long enough. A
figure that the run cannot support is said to be so, and the exit code is 4.

Exit codes: 0 all done, 1 some requests failed, 2 usage, 3 nothing done, 4 not supported, 130 interrupted.)";

/// Name and value of "Name: value"; an empty name for anything else.
std::pair<std::string, std::string> field_of(const std::string& line) {
  const auto colon = line.find(':');
  if (colon == std::string::npos) {
    return {};
  }
  const auto value = line.find_first_not_of(" \t", colon + 1);
  return {line.substr(0, colon), value == std::string::npos ? std::string{} : line.substr(value)};
}

CLI::Validator field_validator() {
  const auto check = [](const std::string& text) {
    return field_of(text).first.empty() ? "'" + text + "' is no header such as 'Accept: text/html'" : std::string{};
  };
  return CLI::Validator(check, "NAME: VALUE", "");
}

CLI::Validator url_validator() {
  const auto check = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(url::parse(numbered(text, 0)));
      return {};
    } catch (const invalid_url& e) {
      return e.what();
    }
  };
  return CLI::Validator(check, "", "");
}

constexpr auto most_requests = std::uint64_t{1'000'000'000};

}  // namespace

load_arguments::load_arguments(CLI::App& app) {
  app.footer(examples);
  add_work(app);
  add_connections(app);
  app.add_option("--json", options_.json_file, "Write everything that was measured to FILE (- for stdout)");
  app.add_option("--report", options_.report_file, "Write a page with charts to FILE.html; it needs no network");
  app.add_option("--trace", options_.trace_file,
                 "Write what each worker did when, in the first repetition, to FILE.json for ui.perfetto.dev");
  add_progress(app, progress_);
}

void load_arguments::add_work(CLI::App& app) {
  app.add_option("URL", options_.url, "What to ask for; {n}: number of the request")
      ->required()
      ->check(url_validator());
  mix_given_ = app.add_option("--mix", mix_file_, "Ask for what stands in FILE; its URLs may be paths on URL's server")
                   ->check(CLI::ExistingFile);
  app.add_option("-X,--method", method_, "Method")->excludes(mix_given_)->capture_default_str();
  app.add_option("--body", body_, "Body of each request")->excludes(mix_given_);
  app.add_option("-H,--header", fields_, "Header field of each request, several times for several")
      ->check(field_validator());
  rate_given_ = app.add_option("--rate", rate_, "Open loop: start so many requests a second (default: closed loop)")
                    ->check(CLI::Range(0.001, 1e7));
  requests_given_ = app.add_option("-n,--requests", requests_, "Requests in each repetition, instead of --duration")
                        ->check(CLI::Range(std::uint64_t{1}, most_requests));
  app.add_option("-d,--duration", run_for_, "How long each repetition is")
      ->check(duration_in(std::chrono::seconds(1)))
      ->excludes(requests_given_)
      ->capture_default_str();
  app.add_option("--warm-up", warm_up_, "Run for so long before each repetition, uncounted; 0 for none")
      ->check(duration_in(std::chrono::seconds(1)))
      ->capture_default_str();
  app.add_option("--repeat", options_.repeat, "Repetitions, each with new connections; compare needs 3 at least")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  app.add_option("--of", figure_,
                 "Whose figure: target (the generator must have time to spare) or client (it must have none)")
      ->check(CLI::IsMember({"target", "client"}))
      ->capture_default_str();
}

void load_arguments::add_connections(CLI::App& app) {
  app.add_option("-c,--concurrency", options_.connections,
                 "Requests in flight, in all: connections, or streams of HTTP/2. With --rate: at most so many")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  app.add_option("--contexts", contexts_, "Contexts (threads) that send; auto: one a core")
      ->check(contexts_validator())
      ->capture_default_str();
  app.add_flag("--pin", options_.pin, "Pin each context to a core of its own");
  app.add_flag("--http2", options_.http2, "HTTP/2: by prior knowledge where there is no TLS");
  app.add_option("--streams", options_.streams, "Requests at once on an HTTP/2 connection")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str();
  app.add_flag("-k,--insecure", options_.insecure, "Accept any certificate");
  app.add_option("--cacert", options_.ca_file, "Trust the authorities in this PEM file")->check(CLI::ExistingFile);
  app.add_option("--timeout", timeout_, "Give a request up after so long")
      ->check(duration_in(std::chrono::seconds(1)))
      ->capture_default_str();
}

load_options load_arguments::take() {
  auto o = options_;
  if (*requests_given_) {
    o.requests = requests_;
  } else {
    o.run_for = parse_duration(run_for_, std::chrono::seconds(1));
  }
  if (*rate_given_) {
    o.rate = rate_;
  }
  o.warm_up = parse_duration(warm_up_, std::chrono::seconds(1)).value();
  o.timeout = parse_duration(timeout_, std::chrono::seconds(1)).value();
  o.contexts = contexts_from(contexts_);
  o.progress = progress_from(progress_);
  o.figure = figure_ == "client" ? figure_of::client : figure_of::target;
  for (const auto& line : fields_) {
    o.fields.push_back(field_of(line));
  }
  if (*mix_given_) {
    try {
      o.mix = read_mix(mix_file_, o.url);
    } catch (const braid::error& e) {
      throw CLI::ValidationError("--mix", e.what());
    }
  } else {
    o.mix = {{1, method_, o.url, body_}};
  }
  if (const auto problem = contradiction(o); !problem.empty()) {
    throw CLI::ValidationError(problem);
  }
  return o;
}

std::string contradiction(const load_options& o) {
  if (o.run_for && o.run_for->count() == 0) {
    return "--duration: must be longer than nothing";
  }
  if (o.timeout.count() == 0) {
    return "--timeout: must be longer than nothing";
  }
  if (o.connections < o.contexts) {
    return "--concurrency " + std::to_string(o.connections) + " leaves some of " + std::to_string(o.contexts) +
           " contexts without work; give at least --concurrency " + std::to_string(o.contexts);
  }
  if (o.trace_file == "-") {
    return "--trace: name a file; the table goes to stdout";
  }
  if (o.rate && o.figure == figure_of::client) {
    return "--of client: a rate keeps the client from what it can do";
  }
  return {};
}

}  // namespace braid::bench
