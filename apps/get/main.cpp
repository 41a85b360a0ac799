// braid-get: the HTTP client for the terminal.
#include <atomic>
#include <csignal>
#include <cstdio>

#include <braid/core/error.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>

#include "arguments.hpp"
#include "config_file.hpp"
#include "dns_servers.hpp"
#include "get_error.hpp"
#include "help.hpp"
#include "job.hpp"
#include "transfer.hpp"
#include "warning.hpp"

namespace {

using namespace braid::get;

braid::awaitable<int> run_one(session& in, const job& what) {
  try {
    transfer one(in, what);
    braid::awaitable<int> running = one.run();
    co_return co_await std::move(running);
  } catch (const get_error& e) {
    complain(in.line.global, e.code(), e.what());
    co_return e.code();
  }
}

braid::awaitable<int> run_in_turn(session& in, job_source& jobs) {
  co_await use_dns_servers(in.line.global.dns_servers);
  int last = done;
  while (const std::optional<job> what = jobs.next()) {
    braid::awaitable<int> running = run_one(in, *what);
    last = co_await std::move(running);
    if (last != done && in.line.global.fail_early) break;
  }
  co_return last;
}

braid::awaitable<void> run_slot(session& in, job_source& jobs, std::atomic<int>& last) {
  while (const std::optional<job> what = jobs.next()) {
    braid::awaitable<int> running = run_one(in, *what);
    const int code = co_await std::move(running);
    if (code != done) last = code;
    if (code != done && in.line.global.fail_early) jobs.stop();
  }
}

/// The slots of one context.
braid::awaitable<void> run_slots(session& in, job_source& jobs, std::atomic<int>& last, std::size_t slots) {
  co_await use_dns_servers(in.line.global.dns_servers);
  co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
    for (std::size_t i = 0; i < slots; ++i) group.spawn(run_slot(in, jobs, last));
    co_return;
  });
}

braid::awaitable<int> run_together(session& in, job_source& jobs, braid::runtime& runtime) {
  std::atomic<int> last = done;
  const std::size_t contexts = runtime.size(), most = in.line.global.parallel_max;
  co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
    for (std::size_t i = 0; i < contexts && i < most; ++i) {
      const std::size_t slots = most / contexts + (i < most % contexts ? 1 : 0);
      auto all = [&in, &jobs, &last, slots] { return run_slots(in, jobs, last, slots); };
      group.spawn(braid::run_on(runtime.at(static_cast<unsigned>(i)), std::move(all)));
    }
    co_return;
  });
  co_return last.load();
}

int run(const command_line& line) {
  job_source jobs(line);
  session shared(line);
  shared.begin_cookies();
  shared.begin_hsts();
  braid::runtime_options how;
  how.contexts = line.global.parallel ? line.global.contexts : 1;
  braid::runtime runtime(how);
  const int code = runtime.run([&]() -> braid::awaitable<int> {
    return line.global.parallel ? run_together(shared, jobs, runtime) : run_in_turn(shared, jobs);
  });
  shared.save();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  command_line line;
  try {
    const std::string own = wants_own_config(arguments) ? read_own_config(line) : std::string();
    read_arguments(line, arguments);
    if (!own.empty()) note(line.global, "Read config file from '" + own + "'");
    if (line.global.help) {
      std::fputs(help_text().c_str(), stdout);
      return done;
    }
    if (line.global.version) {
      std::puts("braid-get " BRAID_VERSION);
      return done;
    }
    return run(line);
  } catch (const get_error& e) {
    const bool reading = dynamic_cast<const option_error*>(&e) != nullptr;
    if (*e.what() == '\0') return e.code();  // it has been told
    if (e.code() == usage || reading) {
      std::fprintf(stderr, "braid-get: %s\nbraid-get: try 'braid-get --help' for more information\n", e.what());
    } else {
      complain(line.global, e.code(), e.what());
    }
    return e.code();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "braid-get: %s\n", e.what());
    return usage;
  }
}
