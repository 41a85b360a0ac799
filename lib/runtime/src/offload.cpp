#include <braid/core/error.hpp>
#include <braid/runtime/offload.hpp>
#include <condition_variable>
#include <deque>
#include <string>
#include <thread>
#include <vector>

namespace braid {

namespace detail {

void blocking_job::run() noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (abandoned_) return;
  }
  call();
  const std::lock_guard lock(mutex_);
  done_ = true;
  if (caller_) caller_->wake_from_other_thread();
}

awaitable<void> blocking_job::wait() {
  waiter here;
  here.expect_other_thread();
  struct presence {
    blocking_job& job;
    ~presence() {
      const std::lock_guard lock(job.mutex_);
      job.caller_ = nullptr;
      job.abandoned_ = true;
    }
  } present{*this};
  {
    const std::lock_guard lock(mutex_);
    if (done_) co_return;
    caller_ = &here;
  }
  co_await here.wait();
}

bool blocking_job::abandoned() noexcept {
  const std::lock_guard lock(mutex_);
  return abandoned_;
}

}  // namespace detail

struct blocking_pool::state {
  const unsigned most_threads;
  const std::size_t most_waiting;
  std::mutex mutex;
  std::condition_variable work;
  std::deque<std::shared_ptr<detail::blocking_job>> line;
  std::vector<std::thread> threads;
  unsigned idle = 0;
  bool ending = false;

  void serve() {
    std::unique_lock lock(mutex);
    while (true) {
      ++idle;
      work.wait(lock, [this] { return ending || !line.empty(); });
      --idle;
      if (ending) return;
      auto job = std::move(line.front());
      line.pop_front();
      lock.unlock();
      job->run();
      job.reset();
      lock.lock();
    }
  }
};

blocking_pool::blocking_pool(unsigned threads, std::size_t waiting)
    : state_(new state{threads, waiting, {}, {}, {}, {}}) {
  if (threads == 0) throw invalid_argument("blocking_pool: no threads");
}

blocking_pool::~blocking_pool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->work.notify_all();
  for (auto& thread : state_->threads) thread.join();
}

blocking_pool& blocking_pool::standard() {
  static blocking_pool pool;
  return pool;
}

void blocking_pool::submit(std::shared_ptr<detail::blocking_job> job) {
  state& s = *state_;
  const std::lock_guard lock(s.mutex);
  const std::size_t room = s.most_waiting + (s.most_threads - s.threads.size()) + s.idle;
  // Calls that were given up take no place from others.
  if (s.line.size() >= room) std::erase_if(s.line, [](const auto& waiting) { return waiting->abandoned(); });
  if (s.line.size() >= room) {
    throw limit_error("blocking_pool: " + std::to_string(s.line.size()) + " calls are already in line");
  }
  s.line.push_back(std::move(job));
  if (s.line.size() > s.idle && s.threads.size() < s.most_threads) {
    s.threads.emplace_back([&s] { s.serve(); });
  }
  s.work.notify_one();
}

}  // namespace braid
