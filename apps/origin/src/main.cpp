// braid-origin: the site as a program. The only file that includes CLI11, which costs ten seconds to compile.
#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <optional>

#include <braid/core/error.hpp>
#include <braid/http/server.hpp>
#include <braid/origin/site.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>

#include "search_log.hpp"

namespace {

using braid::invalid_argument;

struct command_line {
  std::string listen = "127.0.0.1:8080";
  std::string pages, latency = "0", faults, engine = "google", certificate, key, log, contexts = "1";
  double limit = 0;
  std::size_t capacity = 0;
  std::uint64_t seed = 1;
  std::size_t page_bytes = 0;
  bool pin = false, allow_remote = false, quiet = false;

  command_line() = default;
};

constexpr const char* examples = R"(
Examples:
  braid-origin --latency 100ms
      generated result pages, each after 100 ms:
      braid-serp fetch coffee --endpoint google=http://127.0.0.1:8080
  braid-origin --pages shared/data/serp-pages --latency lognormal:300,0.6
      saved pages, log-normal latency with a median of 300 ms
  braid-origin --fault reset:0.01,429:0.02,block:0.05 --limit 50 --seed 7
      faults in the same places on every run
  braid-origin --listen 127.0.0.1:0 --contexts 2 --page-bytes 300000
      two contexts, a free port, pages of 300 KB

Engines share paths: http://HOST/bing in an endpoint means Bing, /html/ is DuckDuckGo's, p= without q= is Yahoo's, and
what is left belongs to --engine. Other paths: /bytes/N /status/NNN /delay/MS /redirect/N /stream/N /gzip /headers
/upload /stats /robots.txt.
)";

struct address {
  std::string host;
  std::uint16_t port = 0;
  address() = default;
};

address parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) throw invalid_argument("--listen " + std::string(text) + ": expected ADDRESS:PORT");
  address out;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  out.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  const std::string port(text.substr(colon + 1));
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos ||
      std::stoul(port) > 65535) {
    throw invalid_argument("--listen " + std::string(text) + ": \"" + port + "\" is no port");
  }
  out.port = static_cast<std::uint16_t>(std::stoul(port));
  return out;
}

bool is_loopback(std::string_view host) { return host.starts_with("127.") || host == "::1"; }

unsigned parse_contexts(const std::string& text) {
  if (text == "auto") return braid::all_cores;
  if (text.empty() || text.size() > 3 || text.find_first_not_of("0123456789") != text.npos || std::stoul(text) == 0) {
    throw invalid_argument("--contexts " + text + ": expected a number or auto");
  }
  return static_cast<unsigned>(std::stoul(text));
}

braid::origin::site_options site_options_of(const command_line& from) {
  braid::origin::site_options out;
  const auto fallback = braid::origin::engine_from(from.engine);
  if (!fallback) throw invalid_argument("--engine " + from.engine + ": no such engine");
  out.fallback = *fallback;
  out.pages = from.pages;
  out.latency = braid::origin::latency_model::parse(from.latency);
  out.faults = braid::origin::fault_plan::parse(from.faults);
  out.limit = from.limit;
  out.capacity = from.capacity;
  out.page.seed = from.seed;
  out.page.page_bytes = from.page_bytes;
  return out;
}

void declare(CLI::App& app, command_line& to) {
  app.footer(examples);
  app.set_version_flag("--version", "braid-origin " BRAID_VERSION);
  app.add_option("--listen", to.listen, "address and port; port 0 takes a free one")
      ->capture_default_str()
      ->type_name("A:P");
  app.add_option("--pages", to.pages, "folder of saved pages with index.jsonl; without it pages are generated")
      ->type_name("DIR");
  app.add_option("--engine", to.engine, "whose pages /search?q= serves")->capture_default_str()->type_name("E");
  app.add_option("--latency", to.latency, "wait before each search: 100ms, 1.5s, lognormal:MEDIAN_MS,SIGMA")
      ->capture_default_str()
      ->type_name("T");
  app.add_option("--fault", to.faults, "KIND:P[,KIND:P...]: reset, truncate, stall, 429, 503, block, slow")
      ->type_name("LIST");
  app.add_option("--limit", to.limit, "searches a second, over which 429 is the answer")
      ->check(CLI::NonNegativeNumber)
      ->type_name("R");
  app.add_option("--capacity", to.capacity, "searches at once beyond which each takes longer and fewer get done")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  app.add_option("--seed", to.seed, "of pages, faults and latencies")->capture_default_str();
  app.add_option("--page-bytes", to.page_bytes, "size of generated pages")
      ->check(CLI::Range(0, 64 << 20))
      ->type_name("N");
  app.add_option("--contexts", to.contexts, "N or auto: how many cores serve")->capture_default_str()->type_name("N");
  app.add_flag("--pin", to.pin, "keep each context on its core");
  auto* certificate =
      app.add_option("--tls-cert", to.certificate, "certificate chain, PEM: serve https")->type_name("FILE");
  auto* key = app.add_option("--tls-key", to.key, "its key, PEM")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  app.add_flag("--allow-remote", to.allow_remote, "listen beyond loopback; everyone who reaches the port is served");
  app.add_option("--log", to.log, "append a line to this file for each search: seconds, from whom, engine, query")
      ->type_name("FILE");
  app.add_flag("--quiet", to.quiet, "print nothing but the address");
}

int serve(const command_line& from) {
  const address at = parse_address(from.listen);
  if (!is_loopback(at.host) && !from.allow_remote) {
    throw invalid_argument("--listen " + from.listen + ": not a loopback address; --allow-remote if you mean it");
  }
  auto what = site_options_of(from);
  std::optional<braid::origin::search_log_shared> log;
  if (!from.log.empty()) {
    log.emplace(from.log);
    what.on_search = [&log](const auto& request, const auto& where) { log->add(request.peer(), where); };
  }
  braid::origin::site site(std::move(what));
  braid::http::server_options options;
  if (!from.certificate.empty()) options.tls = braid::net::tls_options().certificate(from.certificate, from.key);
  options.timeouts.drain = std::chrono::seconds(3);
  std::uint16_t port = 0;
  options.on_listening = [&] {
    const bool six = at.host.find(':') != at.host.npos;
    std::printf("braid-origin listening on %s://%s%s%s:%u\n", from.certificate.empty() ? "http" : "https",
                six ? "[" : "", at.host.c_str(), six ? "]" : "", port);
    std::fflush(stdout);
  };
  braid::http::server server(site.handler(), std::move(options));
  server.listen(at.host, at.port);
  port = server.local_port();

  braid::runtime_options shape;
  shape.contexts = parse_contexts(from.contexts);
  shape.pin = from.pin;
  braid::runtime runtime(shape);
  runtime.run([&]() -> braid::awaitable<void> {
    co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
      group.spawn(server.serve());
      // A second signal finds its default again and ends the program at once.
      boost::asio::signal_set signals(group.executor(), SIGINT, SIGTERM);
      co_await signals.async_wait(boost::asio::use_awaitable);
      group.cancel();
    });
  });
  if (!from.quiet) std::cerr << "braid-origin: " << site.stats().json() << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A search site to run against: result pages of six engines, latency, faults, and plain paths for tests.",
               "braid-origin");
  command_line line;
  declare(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return serve(line);
  } catch (const invalid_argument& error) {
    std::cerr << "braid-origin: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "braid-origin: " << error.what() << '\n';
    return 3;
  }
}
