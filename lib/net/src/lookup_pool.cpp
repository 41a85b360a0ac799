#include "lookup_pool.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace braid::net {

namespace {

constexpr unsigned max_threads = 8;
constexpr auto idle_time = std::chrono::seconds(10);

struct pool {
  std::mutex mutex;
  std::condition_variable work;
  std::deque<std::function<void()>> jobs;
  unsigned threads = 0;
  unsigned idle = 0;

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      const bool more = work.wait_for(lock, idle_time, [this] { return !jobs.empty(); });
      --idle;
      if (!more) break;
      const std::function<void()> job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      lock.lock();
    }
    --threads;
  }
};

}  // namespace

void run_lookup(std::function<void()> job) {
  static pool* const shared = new pool;  // never destroyed: its threads may still be in it when the process ends
  const std::lock_guard lock(shared->mutex);
  shared->jobs.push_back(std::move(job));
  if (shared->idle < shared->jobs.size() && shared->threads < max_threads) {
    ++shared->threads;
    std::thread([] { shared->serve(); }).detach();
  }
  shared->work.notify_one();
}

}  // namespace braid::net
