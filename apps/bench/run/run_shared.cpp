#include "run_shared.hpp"

#include <sched.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <exception>
#include <thread>
#include <vector>

namespace braid::bench {
namespace {

namespace asio = boost::asio;

http::client_options without_timeouts() {
  http::client_options options;
  auto& t = options.timeouts;
  for (auto* limit : {&t.connect, &t.first_byte, &t.idle, &t.total, &t.keep_alive}) {
    limit->reset();
  }
  return options;
}

/// The cores this process may use, in order.
std::vector<int> cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> out;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &set)) {
        out.push_back(core);
      }
    }
  }
  return out;
}

void stay_on(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

void run_shared(const mode_plan& plan, bool pin, const job& what, tickets& left, tallies_shared& tallies) {
  asio::io_context shared(static_cast<int>(plan.threads));
  std::vector<std::exception_ptr> failures(plan.tasks);  // one slot each: written by tasks on several threads
  for (unsigned task = 0; task < plan.tasks; ++task) {
    http::client client(without_timeouts());
    asio::co_spawn(asio::make_strand(shared), work(std::move(client), what, left, tallies, task),
                   [&failures, task](std::exception_ptr failure) { failures[task] = std::move(failure); });
  }
  const auto usable = pin ? cores() : std::vector<int>{};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < plan.threads; ++i) {
    threads.emplace_back([&shared, &usable, i] {
      if (!usable.empty()) {
        stay_on(usable[i % usable.size()]);
      }
      shared.run();
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& failure : failures) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  }
}

}  // namespace braid::bench
