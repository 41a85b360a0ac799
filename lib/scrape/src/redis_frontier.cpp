#include <unistd.h>

#include <algorithm>
#include <array>
#include <braid/scrape/redis_frontier.hpp>
#include <charconv>
#include <random>
#include <utility>

#include "redis_script_runner.hpp"
#include "redis_scripts.hpp"

namespace braid::scrape {
namespace {

constexpr std::size_t jobs_at_once = 1000;

std::string own_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + ':' + std::to_string(::getpid()) + ':' + std::to_string(std::random_device{}());
}

std::uint64_t count_at(const redis_reply& list, std::size_t index) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, redis_item(list, index).integer));
}

}  // namespace

std::uint64_t redis_counts::open() const {
  std::uint64_t all = 0;
  for (const auto& one : lanes) all += one.lag + one.pending + one.delayed;
  return all;
}

struct redis_frontier::state {
  state(redis_connection& to, redis_frontier_options with)
      : redis(to), options(std::move(with)), scripts(to, redis_prefix(options.queue)) {
    if (options.consumer.empty()) options.consumer = own_name();
  }

  awaitable<redis_reply> run(std::string_view script, std::vector<std::string> arguments) {
    return scripts.run(script, std::move(arguments));
  }

  redis_connection& redis;
  redis_frontier_options options;
  redis_script_runner scripts;
};

redis_frontier::redis_frontier(redis_connection& redis, redis_frontier_options options)
    : state_(std::make_unique<state>(redis, std::move(options))) {}

redis_frontier::~redis_frontier() = default;

const std::string& redis_frontier::consumer() const noexcept { return state_->options.consumer; }

awaitable<std::size_t> redis_frontier::add(std::span<const redis_job> jobs) {
  const std::chrono::milliseconds remember = state_->options.remember;
  std::size_t fresh = 0;
  for (std::size_t begin = 0; begin < jobs.size(); begin += jobs_at_once) {
    std::vector<std::string> words{std::to_string(remember.count())};
    for (const auto& one : jobs.subspan(begin, std::min(jobs_at_once, jobs.size() - begin))) {
      words.push_back(one.lane);
      words.push_back(one.key);
      words.push_back(one.text);
      words.push_back(std::to_string(one.delay.count()));
    }
    auto pending = state_->run(redis_scripts::add, std::move(words));
    const auto reply = co_await std::move(pending);
    fresh += static_cast<std::size_t>(reply.integer);
  }
  co_return fresh;
}

awaitable<redis_batch> redis_frontier::take(std::size_t most, const std::map<std::string, double>& rates) {
  const auto& options = state_->options;
  std::vector<std::string> words{options.consumer, std::to_string(most), std::to_string(options.lease.count()),
                                 std::to_string(options.most_deliveries), std::to_string(options.burst.count())};
  for (const auto& [lane, rate] : rates) {
    words.push_back(lane);
    words.push_back(redis_text_of(rate));
  }
  auto pending = state_->run(redis_scripts::take, std::move(words));
  auto reply = co_await std::move(pending);
  redis_batch batch;
  batch.wait = std::chrono::milliseconds(redis_item(reply, 0).integer);
  for (std::size_t i = 1; i < reply.items.size(); i += 4) {
    auto& one = batch.jobs.emplace_back();
    const auto& attempts = redis_item(reply, i + 3).text;
    std::from_chars(attempts.data(), attempts.data() + attempts.size(), one.attempts);
    one.lane = std::move(reply.items[i].text);
    one.id = std::move(reply.items[i + 1].text);
    one.text = std::move(reply.items[i + 2].text);
  }
  co_return batch;
}

awaitable<std::size_t> redis_frontier::finish(std::span<const redis_taken> jobs) {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < jobs.size(); begin += jobs_at_once) {
    std::vector<std::string> words;
    for (const auto& one : jobs.subspan(begin, std::min(jobs_at_once, jobs.size() - begin))) {
      words.push_back(one.lane);
      words.push_back(one.id);
    }
    auto pending = state_->run(redis_scripts::finish, std::move(words));
    const auto reply = co_await std::move(pending);
    count += static_cast<std::size_t>(reply.integer);
  }
  co_return count;
}

awaitable<void> redis_frontier::give_back(redis_taken job, std::chrono::milliseconds delay, bool attempted) {
  std::vector<std::string> words{state_->options.consumer, job.lane, job.id, std::to_string(delay.count()),
                                 std::to_string(job.attempts + (attempted ? 1 : 0))};
  auto pending = state_->run(redis_scripts::give_back, std::move(words));
  co_await std::move(pending);
}

awaitable<std::vector<redis_taken>> redis_frontier::renew(std::span<const redis_taken> jobs) {
  std::vector<redis_taken> lost;
  for (std::size_t begin = 0; begin < jobs.size(); begin += jobs_at_once) {
    const auto some = jobs.subspan(begin, std::min(jobs_at_once, jobs.size() - begin));
    std::vector<std::string> words{state_->options.consumer};
    for (const auto& one : some) {
      words.push_back(one.lane);
      words.push_back(one.id);
    }
    auto pending = state_->run(redis_scripts::renew, std::move(words));
    const auto reply = co_await std::move(pending);
    for (const auto& one : reply.items) {
      const auto index = static_cast<std::size_t>(one.integer);
      if (index < some.size()) lost.push_back(some[index]);
    }
  }
  co_return lost;
}

awaitable<void> redis_frontier::suspend(std::string lane, std::chrono::milliseconds time) {
  std::vector<std::string> words{std::move(lane), std::to_string(time.count())};
  auto pending = state_->run(redis_scripts::suspend, std::move(words));
  co_await std::move(pending);
}

awaitable<redis_counts> redis_frontier::counts() {
  auto pending = state_->run(redis_scripts::counts, {});
  const auto reply = co_await std::move(pending);
  redis_counts counts;
  counts.dead = count_at(reply, 0);
  for (std::size_t i = 1; i < reply.items.size(); i += 7) {
    auto& one = counts.lanes.emplace_back();
    one.lane = redis_item(reply, i).text;
    one.pending = count_at(reply, i + 2);
    // What is finished is deleted: an entry that nobody has is one that nobody has had.
    one.lag = count_at(reply, i + 1) - std::min(count_at(reply, i + 1), one.pending);
    one.delayed = count_at(reply, i + 3);
    one.done = count_at(reply, i + 4);
    one.suspended = std::chrono::milliseconds(redis_item(reply, i + 5).integer);
    one.consumers = count_at(reply, i + 6);
  }
  co_return counts;
}

awaitable<std::size_t> redis_frontier::requeue(std::size_t most) {
  std::vector<std::string> words{std::to_string(most)};
  auto pending = state_->run(redis_scripts::requeue, std::move(words));
  const auto reply = co_await std::move(pending);
  co_return static_cast<std::size_t>(reply.integer);
}

awaitable<std::vector<std::string>> redis_frontier::concerns() {
  std::map<std::string, std::string> settings;
  for (const auto* name : {"maxmemory", "maxmemory-policy", "appendonly"}) {
    std::vector<std::string> words{"CONFIG", "GET", name};
    try {
      auto pending = state_->redis.command(std::move(words));
      const auto reply = co_await std::move(pending);
      if (reply.items.size() == 2) settings[name] = reply.items[1].text;
    } catch (const redis_error&) {
      // A server of somebody else's may keep its settings to itself.
    }
  }
  std::vector<std::string> all;
  const auto policy = settings["maxmemory-policy"];
  if (!policy.empty() && policy != "noeviction") {
    const auto limit = settings["maxmemory"];
    all.push_back("maxmemory-policy is " + policy + (limit == "0" ? ", and would hold with a maxmemory" : "") +
                  ": jobs may vanish when memory is short; set it to noeviction");
  }
  if (settings["appendonly"] == "no") {
    all.push_back("appendonly is no: what was queued last is lost when the server is restarted");
  }
  co_return all;
}

awaitable<void> redis_frontier::leave() {
  std::vector<std::string> words{state_->options.consumer};
  auto pending = state_->run(redis_scripts::leave, std::move(words));
  co_await std::move(pending);
}

}  // namespace braid::scrape
