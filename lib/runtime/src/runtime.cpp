#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/runtime.hpp>
#include <exception>
#include <string>
#include <thread>

#include "affinity.hpp"

namespace braid {

namespace {

constexpr unsigned most_contexts = 1024;

/// Pins the calling thread for a while.
class pinned {
 public:
  pinned(const std::vector<int>& cores, unsigned index) {
    if (cores.empty()) return;
    before_ = detail::usable_cores();
    detail::stay_on({cores[index % cores.size()]});
  }
  pinned(const pinned&) = delete;
  pinned& operator=(const pinned&) = delete;
  ~pinned() {
    if (!before_.empty()) detail::stay_on(before_);
  }

 private:
  std::vector<int> before_;
};

}  // namespace

runtime::runtime(runtime_options options) {
  if (options.contexts > most_contexts) {
    throw invalid_argument("runtime: " + std::to_string(options.contexts) + " contexts; at most " +
                           std::to_string(most_contexts));
  }
  const auto cores = detail::usable_cores();
  if (options.pin) cores_ = cores;
  const unsigned count = options.contexts == all_cores ? static_cast<unsigned>(cores.size()) : options.contexts;
  for (unsigned index = 0; index < count; ++index) contexts_.push_back(std::make_unique<context>(*this, index));
}

runtime::~runtime() = default;

void runtime::run_until_stopped(const std::function<void()>& begin) {
  for (auto& one : contexts_) one->io().restart();
  std::vector<std::exception_ptr> failures(size());  // of handlers of the user's that threw through their context
  const auto run = [this, &failures](unsigned index) {
    auto& io = at(index).io();
    const pinned here(cores_, index);
    const auto work = asio::make_work_guard(io);
    try {
      io.run();
    } catch (...) {
      failures[index] = std::current_exception();
    }
    stop();
  };
  asio::post(at(0).io(), begin);
  {
    std::vector<std::thread> others;
    others.reserve(contexts_.size());
    struct joiner {
      runtime* self;
      std::vector<std::thread>* threads;
      ~joiner() {
        self->stop();
        for (auto& thread : *threads) thread.join();
      }
    } guard{this, &others};
    for (unsigned index = 1; index < size(); ++index) others.emplace_back(run, index);
    run(0);
  }
  for (auto& failure : failures) {
    if (failure) std::rethrow_exception(std::move(failure));
  }
}

void runtime::start(detail::root_awaitable root) {
  detail::launch(at(0).executor(), asio::cancellation_slot(), std::move(root));
}

void runtime::stop() {
  for (auto& one : contexts_) one->io().stop();
}

}  // namespace braid
