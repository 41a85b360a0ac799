#include "callback_sender.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>
#include <braid/http/retry.hpp>
#include <braid/runtime/timeout.hpp>

#include "metrics.hpp"
#include "wall_milliseconds.hpp"

namespace braid::serve {
namespace {

constexpr std::size_t looked_at = 256;  // of those that are due first
constexpr auto longest_sleep = std::chrono::minutes(1);
constexpr std::uint64_t longest_answer = 64 * 1024;

http::client_options client_options_of(const callback_options& from) {
  http::client_options out;
  if (!from.private_addresses) out.addresses = net::address_policy::public_only();
  out.follow_redirects = false;
  out.decompress = false;
  out.user_agent = "braid-serp";
  out.timeouts.connect = out.timeouts.first_byte = out.timeouts.idle = out.timeouts.total = from.time;
  return out;
}

std::string origin_of(const std::string& address) {
  const auto where = url::parse(address);
  return std::string(where.host()) + ':' + std::to_string(where.port());
}

/// What went wrong, without the address's own words: who asks for the task knows the URL.
callback_answer answer_of(const std::exception_ptr& failure) {
  callback_answer out;
  out.error = describe(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const address_refused&) {
    out.refused = true;
    out.error = "callbacks may not lead to this address";
  } catch (...) {
  }
  return out;
}

}  // namespace

callback_sender::callback_sender(scrape::task_store_shared& store, const callback_options& options, log_function log)
    : store_(store), options_(options), log_(std::move(log)), client_(client_options_of(options)) {}

awaitable<void> callback_sender::run() {
  co_await with_task_group([this](task_group& group) -> awaitable<void> {
    for (;;) {
      const auto rest = start(group);
      try {
        co_await with_timeout(rest, wake_.receive());
      } catch (const timeout_error&) {
      }
    }
  });
}

void callback_sender::append_metrics(std::string& to) const {
  const auto append = [&to](std::string_view name, std::string_view help, const std::atomic<std::uint64_t>& value) {
    append_metric(to, name, "counter", help, static_cast<double>(value.load(std::memory_order_relaxed)));
  };
  append("braid_callbacks_delivered_total", "Callbacks that were taken.", delivered_);
  append("braid_callback_attempts_failed_total", "Attempts at callbacks that failed.", failed_);
  append("braid_callbacks_given_up_total", "Callbacks that nobody took within the limits.", given_up_);
}

duration callback_sender::start(task_group& group) {
  if (under_way_.size() >= options_.at_once) return longest_sleep;  // each that ends wakes
  const auto now = milliseconds_of(std::chrono::system_clock::now());
  for (auto& one : store_.next_callbacks(looked_at)) {
    if (one.due > now) {
      const duration until = std::chrono::milliseconds(one.due - now);
      return std::min<duration>(until, longest_sleep);
    }
    if (under_way_.count(one.number) > 0) continue;
    auto origin = origin_of(one.url);
    auto& of_origin = by_origin_[origin];
    if (of_origin >= options_.at_once_per_origin) continue;
    ++of_origin;
    under_way_.insert(one.number);
    group.spawn(deliver(std::move(one), std::move(origin)), "callback");
    if (under_way_.size() >= options_.at_once) break;
  }
  return longest_sleep;
}

awaitable<void> callback_sender::deliver(scrape::task_callback what, std::string origin) {
  const auto number = what.number;
  std::exception_ptr failure;
  try {
    co_await attempt(std::move(what));
  } catch (...) {
    failure = std::current_exception();
  }
  under_way_.erase(number);
  if (--by_origin_[origin] == 0) by_origin_.erase(origin);
  wake();
  if (failure) std::rethrow_exception(failure);
}

awaitable<void> callback_sender::attempt(scrape::task_callback what) {
  const auto row = store_.row(what.number);
  const auto result = store_.result(what.number);
  if (!row || !result) co_return;  // removed meanwhile, and its callback with it
  auto answer = co_await post(what, *row, callback_body(*row, *result, options_.limits.body_bytes));
  const double unit = std::uniform_real_distribution<double>()(random_);
  what = after_attempt(options_.limits, std::move(what), answer, row->ended,
                       milliseconds_of(std::chrono::system_clock::now()), unit);
  store_.update_callback(what);
  const bool delivered = what.state == scrape::callback_state::delivered;
  (delivered ? delivered_ : failed_).fetch_add(1, std::memory_order_relaxed);
  if (what.state != scrape::callback_state::given_up) co_return;
  given_up_.fetch_add(1, std::memory_order_relaxed);
  log_("callback of task " + row->id + ": given up after " + std::to_string(what.attempts) +
       " attempts: " + what.error);
}

awaitable<callback_answer> callback_sender::post(const scrape::task_callback& what, const scrape::task_row& row,
                                                 std::string body) {
  const auto seconds = milliseconds_of(std::chrono::system_clock::now()) / 1000;
  callback_answer out;
  std::exception_ptr failure;
  try {
    http::request request("POST", what.url);
    request.header("Braid-Task", row.id).header("Braid-Attempt", std::to_string(what.attempts + 1));
    request.header("X-Braid-Signature", callback_signature(options_.secret, seconds, body));
    request.body(std::move(body), "application/json");
    auto exchanged = with_timeout(options_.time, exchange(std::move(request), out), "callback");
    co_await std::move(exchanged);
  } catch (...) {
    failure = std::current_exception();
  }
  if (is_cancelled(failure)) std::rethrow_exception(failure);
  if (failure && out.status == 0) out = answer_of(failure);
  co_return out;
}

awaitable<void> callback_sender::exchange(http::request what, callback_answer& into) {
  auto response = co_await client_.stream(std::move(what));
  into.status = response.status();
  into.retry_after = http::asked_to_wait(response.headers(), std::chrono::system_clock::now());
  if (!response.ok()) into.error = "the answer is " + std::to_string(into.status);
  // Read to its end, a short body leaves a connection that serves again. What is in it, or goes wrong in it, does not
  // matter any more.
  std::uint64_t read = 0;
  while (read < longest_answer) {
    const auto piece = co_await response.read_some();
    if (piece.empty()) break;
    read += piece.size();
  }
}

}  // namespace braid::serve
