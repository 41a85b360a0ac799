#include "soak/load.hpp"

#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include "soak/plan.hpp"
#include "soak/process_state.hpp"

namespace soak {

namespace {

using braid::awaitable;
namespace http = braid::http;
using namespace std::chrono_literals;

constexpr std::string_view empty_pool = "[hosts: 0 | connections: 0 active, 0 idle | waiting: 0]";
constexpr int streams = 4;  // on a connection of HTTP/2, so that many connections are made

class load {
 public:
  explicit load(const load_options& options) : options_(options), client_(client_options()) {}

  awaitable<void> run(outcome& out);

 private:
  http::client_options client_options() const;
  awaitable<void> work(outcome& out);
  awaitable<void> ask(std::uint64_t number, outcome& out);
  awaitable<void> read_some_of(http::request what);
  awaitable<bool> watch(outcome& out);
  void wrong(outcome& out, std::string what) const;

  const load_options& options_;
  http::client client_;
  std::uint64_t next_ = 0;
};

http::client_options load::client_options() const {
  http::client_options out;
  out.max_connections_per_host = options_.connections;
  out.timeouts.total = options_.total;
  out.timeouts.idle = options_.total / 2;
  out.timeouts.keep_alive = 500ms;
  if (options_.http2) {
    out.http_version = http::protocol_choice::http2_prior_knowledge;
    out.http2.connections_per_host = options_.connections;
    out.http2.streams = streams;
    out.http2.ping_after = options_.total / 4;
    out.http2.ping_timeout = options_.total / 4;
  }
  return out;
}

void load::wrong(outcome& out, std::string what) const {
  ++out.wrong;
  if (out.first_wrong.empty()) out.first_wrong = std::move(what);
}

awaitable<void> load::read_some_of(http::request what) {
  http::response_stream half = co_await client_.stream(std::move(what));
  co_await half.read_some();
}

awaitable<void> load::ask(std::uint64_t number, outcome& out) {
  const step todo = plan(options_.seed, number, options_.cancelled);
  http::request what(todo.upload > 0 ? "PUT" : "GET", options_.origin + "/bytes/" + std::to_string(todo.bytes));
  if (todo.upload > 0) what.body(std::string(todo.upload, 'u'));
  try {
    if (todo.how == ending::left) {
      awaitable<void> reading = read_some_of(std::move(what));
      co_await braid::with_timeout(options_.total, std::move(reading));
      ++out.left;
      co_return;
    }
    awaitable<http::response> asking = client_.send(std::move(what));
    if (todo.how == ending::cancelled) {
      asking = braid::with_timeout(todo.patience, std::move(asking), "cancelled");
    }
    const http::response got = co_await std::move(asking);
    const bool right = got.status() == 200 && got.body().size() == todo.bytes;
    // What stands for a large body that is cut short is of another size.
    if (right) {
      ++out.good;
    } else {
      wrong(out, "asked for " + std::to_string(todo.bytes) + " bytes, got " + std::to_string(got.status()) + " with " +
                     std::to_string(got.body().size()));
    }
  } catch (const braid::timeout_error& e) {
    ++(e.phase() == "cancelled" ? out.cancelled : out.late);
  } catch (const braid::connection_lost&) {
    ++out.lost;
  } catch (const std::exception& e) {
    wrong(out, e.what());
  }
}

awaitable<void> load::work(outcome& out) {
  while (next_ < options_.requests) {
    const std::uint64_t number = next_++;
    const braid::time_point began = braid::clock::now();
    awaitable<void> asking = ask(number, out);
    co_await std::move(asking);
    out.slowest = std::max(out.slowest, std::chrono::duration<double>(braid::clock::now() - began).count());
    if (out.ended() == options_.requests / 10) out.resident_early = resident_bytes();
  }
}

/// Ends with true when no request has ended for so long that one must be stuck.
awaitable<bool> load::watch(outcome& out) {
  constexpr auto patience = 60s;
  std::uint64_t seen = 0;
  for (auto quiet = 0s; quiet < patience + options_.total; ++quiet) {
    co_await braid::sleep_for(1s);
    if (out.ended() != seen) quiet = 0s;
    seen = out.ended();
  }
  co_return true;
}

awaitable<void> load::run(outcome& out) {
  const auto began = braid::clock::now();
  co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
    std::size_t workers = (options_.http2 ? streams : 1) * options_.connections;
    workers += workers / 10;  // some wait for their turn
    std::size_t left = workers;
    for (std::size_t i = 0; i < workers; ++i) {
      group.spawn([&]() -> awaitable<void> {
        co_await work(out);
        if (--left == 0) group.cancel();
      });
    }
    out.stuck = co_await watch(out);
    group.cancel();
  });
  out.seconds = std::chrono::duration<double>(braid::clock::now() - began).count();
  out.resident_end = resident_bytes();
  const auto executor = co_await boost::asio::this_coro::executor;
  for (int turn = 0; turn < 200; ++turn) {
    out.pool = client_.pool_state(executor);
    if (out.pool == empty_pool) break;
    co_await braid::sleep_for(100ms);
  }
  if (out.pool == empty_pool) out.pool.clear();
}

}  // namespace

outcome run(const load_options& options) {
  outcome out;
  out.descriptors_before = open_descriptors();
  {
    load all(options);
    braid::runtime one;
    one.run([&]() -> awaitable<void> { co_await all.run(out); });
  }
  out.descriptors_after = open_descriptors();
  return out;
}

}  // namespace soak
