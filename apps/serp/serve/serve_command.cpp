#include "serve_command.hpp"

#include <sys/resource.h>

#include <braid/core/error.hpp>
#include <braid/http/server.hpp>
#include <braid/runtime/offload.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include "access.hpp"
#include "api.hpp"
#include "callback_sender.hpp"
#include "options.hpp"

namespace braid::serve {
namespace {

constexpr auto figures_interval = std::chrono::seconds(1);
constexpr std::size_t most_connections = 25'000;  // on each context; an event stream has one to itself
constexpr std::size_t expired_at_once = 500;

void say(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

void say_line(const std::string& text) { say("braid-serp serve: " + text + '\n'); }

std::vector<token_entry> tokens_of(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) throw invalid_argument("--tokens " + path + ": cannot be read");
  try {
    auto all = parse_tokens(text);
    if (all.empty()) throw invalid_argument("no token in it");
    return all;
  } catch (const invalid_argument& e) {
    throw invalid_argument("--tokens " + path + ": " + e.what());
  }
}

constexpr std::size_t shortest_secret = 16, longest_secret = 4096;

/// What signs callbacks; empty for none.
std::string secret_of(const std::string& path) {
  std::string text, name = "BRAID_CALLBACK_SECRET";
  if (path.empty()) {
    if (const auto* variable = std::getenv(name.c_str())) text = variable;
    if (text.empty()) return {};
  } else {
    name = "--callback-secret-file " + path;
    std::ifstream in(path, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (!in) throw invalid_argument(name + ": cannot be read");
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  }
  if (text.size() < shortest_secret || text.size() > longest_secret) {
    throw invalid_argument(name + ": a secret has 16 to 4096 bytes");
  }
  return text;
}

callback_options callback_options_of(const serve_options& from) {
  callback_options out;
  out.secret = secret_of(from.callback_secret_file);
  out.private_addresses = from.private_callbacks;
  out.limits.attempts = from.callback_attempts;
  return out;
}

/// Tasks of an engine that the workers are given at once.
constexpr std::size_t window_of_workers = 20'000;

work_shared::limits work_limits(const serve_options& from) {
  work_shared::limits out;
  out.cache = from.cache.count();
  out.waiting = from.most_waiting;
  if (!from.cluster.redis.empty()) out.window = window_of_workers;
  return out;
}

api_options api_options_of(const serve_options& from, const callback_sender& callbacks) {
  api_options out;
  out.callbacks = callbacks.is_on();
  out.pages = from.cluster.redis.empty();
  out.more_metrics = [&callbacks](std::string& to) { callbacks.append_metrics(to); };
  out.wait = from.wait;
  return out;
}

http::server_options server_options_of(const serve_options& from, std::function<void()> on_listening) {
  http::server_options out;
  out.on_listening = std::move(on_listening);
  out.http2 = true;
  out.limits.body_bytes = 16U << 20U;
  out.limits.connections = most_connections;
  if (!from.cert_file.empty()) {
    // Else the first handshake would be what finds out.
    for (const auto& [option, path] : {std::pair("--cert ", &from.cert_file), std::pair("--key ", &from.key_file)}) {
      if (std::ifstream(*path).peek() == std::ifstream::traits_type::eof()) {
        throw invalid_argument(option + *path + ": cannot be read");
      }
    }
    out.tls.emplace();
    out.tls->certificate(from.cert_file, from.key_file);
  }
  out.on_error = [](std::string_view target, const std::exception_ptr& failure) {
    say("braid-serp serve: " + std::string(target) + ": " + describe(failure) + '\n');
  };
  return out;
}

/// Everything a server consists of, in the order it depends on each other.
class service {
 public:
  service(const serve_options& options, const fetch::engine_pages& engines)
      : options_(options),
        store_(options.state_file),
        access_(tokens_of(options.tokens_file)),
        work_(options.gathering, options.cluster, engines, store_, events_, work_limits(options), say_line),
        callbacks_(store_, callback_options_of(options), say_line),
        api_(engines.engines(), store_, work_, events_, access_, api_options_of(options, callbacks_), say_line),
        server_(api_.routes(), server_options_of(options, [this] { say_where(); })) {
    const auto utc =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    for (const auto& [owner, tasks] : store_.made_since(access_shared::day_of(utc) * 1000)) {
      access_.restore(owner, tasks, utc);
    }
    work_.on_end([this](const task_end& what) {
      if (!what.callback.empty()) callbacks_.wake();
    });
    server_.listen(options.address, options.port);
  }

  int run();

 private:
  awaitable<void> serve(interrupt& stop);
  awaitable<void> tell_figures();
  awaitable<void> expire();
  void say_where() const;

  const serve_options& options_;
  scrape::task_store_shared store_;
  event_hub_shared events_;
  access_shared access_;
  work_shared work_;
  callback_sender callbacks_;
  api_shared api_;
  http::server server_;
};

void service::say_where() const {
  const bool tls = !options_.cert_file.empty();
  const bool v6 = options_.address.find(':') != std::string::npos;
  say("listening on " + std::string(tls ? "https://" : "http://") +
      (v6 ? "[" + options_.address + "]" : options_.address) + ':' + std::to_string(server_.local_port()) + '\n');
  if (options_.state_file.empty()) say("tasks and results are in memory: --state FILE keeps them\n");
  if (const auto waiting = store_.counts()[0]; waiting > 0) {
    say(std::to_string(waiting) + " tasks wait from an earlier run\n");
  }
}

awaitable<void> service::tell_figures() {
  std::string last;
  for (;;) {
    co_await sleep_for(figures_interval);
    if (const auto notes = work_.take_notes(); !notes.empty()) say(notes);
    if (events_.listeners() == 0) continue;
    events_.beat();
    auto text = api_.figures();
    if (text == last) continue;
    events_.tell_all("stats", text);
    last = std::move(text);
  }
}

awaitable<void> service::expire() {
  const auto keep = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(options_.keep_days * 24 * 3600));
  for (;;) {
    const auto before =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()) -
        keep;
    const auto limit = before.count();
    auto work = [this, limit] { return store_.expire(limit, expired_at_once); };
    auto pending = offload(work);
    const auto gone = co_await std::move(pending);
    co_await sleep_for(gone == expired_at_once ? duration(std::chrono::milliseconds(100))
                                               : duration(std::chrono::minutes(1)));
  }
}

awaitable<void> service::serve(interrupt& stop) {
  stop.on_request([this] {
    say("finishing what is in flight; Ctrl-C again stops at once\n");
    api_.drain();
    work_.stop();
  });
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(server_.serve(), "server");
    group.spawn(tell_figures(), "figures");
    group.spawn(expire(), "expire");
    if (callbacks_.is_on()) group.spawn(callbacks_.run(), "callbacks");
    co_await stop.cancels(work_.run());
    // Event streams end, everything else is answered within the server's time to drain.
    events_.close();
    group.cancel();
  });
}

/// As many as the system lets this process have: a soft limit of 1,024 is for programs that use select().
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

int service::run() {
  std::signal(SIGPIPE, SIG_IGN);
  allow_many_files();
  runtime_options contexts;
  contexts.contexts = options_.gathering.contexts;
  contexts.pin = options_.gathering.pin;
  runtime everywhere(contexts);
  interrupt stop(everywhere.at(0).executor());
  try {
    everywhere.run([&] { return serve(stop); });
  } catch (...) {
    const auto failure = std::current_exception();
    if (is_cancelled(failure)) return 130;
    say("braid-serp serve: " + describe(failure) + '\n');
    return 3;
  }
  return 0;
}

}  // namespace

int serve_command(int argc, const char* const* argv, const fetch::engine_pages& engines) {
  auto parsed = parse_command_line(argc, argv, engines.engines());
  if (const auto* exit = std::get_if<fetch::early_exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  const auto& options = std::get<serve_options>(parsed);
  try {
    if (!options.new_token.empty()) {
      const auto fresh = make_token(options.new_token);
      say("token: " + fresh.token + '\n');
      std::puts(fresh.line.c_str());
      return 0;
    }
    service all(options, engines);
    return all.run();
  } catch (const error& e) {
    say(std::string("braid-serp serve: ") + e.what() + '\n');
    return 2;
  }
}

}  // namespace braid::serve
