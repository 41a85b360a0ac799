// Live: /v1/events, /v1/task/{id}/events, as Server-Sent Events (WHATWG HTML, 9.2).
#include <braid/core/error.hpp>
#include <braid/runtime/timeout.hpp>

#include "api.hpp"
#include "task_json.hpp"

namespace braid::serve {
namespace {

using listener = std::shared_ptr<event_hub_shared::listener>;

/// The next event; null for a heartbeat that is due; nullopt at the end.
awaitable<std::optional<event_hub_shared::event>> next_event(event_hub_shared::listener& from, duration heartbeat) {
  try {
    auto event = co_await with_timeout(heartbeat, from.next());
    co_return event;
  } catch (const timeout_error&) {
  }
  co_return event_hub_shared::event();
}

http::reply event_stream() {
  http::reply out(200);
  // X-Accel-Buffering: nginx as a proxy passes events on at once.
  out.header("Content-Type", "text/event-stream").header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
  return out;
}

fault too_many() { return fault(503, "too_many_listeners", "too many event streams are open"); }

}  // namespace

awaitable<http::reply> api_shared::events(call& from) {
  const listener here = events_.listen(from.owner, {});
  if (!here) co_return answer(too_many());
  auto out = event_stream();
  out.stream([this, here](http::reply_stream& to) -> awaitable<void> {
    const auto hello = event_text("stats", figures());
    co_await to.write(hello);
    for (;;) {
      const auto event = co_await next_event(*here, options_.heartbeat);
      if (!event) co_return;
      if (*event) {
        co_await to.write(**event);
      } else {
        co_await to.write(":\n\n");
      }
    }
  });
  co_return out;
}

awaitable<http::reply> api_shared::task_events(call& from) {
  const std::string id = from.values["id"], owner = from.owner;
  const listener here = events_.listen(owner, id);
  if (!here) co_return answer(too_many());
  if (!store_.find(id, owner)) co_return answer(fault(404, "no_task", "there is no such task"));
  auto out = event_stream();
  out.stream([this, here, id, owner](http::reply_stream& to) -> awaitable<void> {
    // What it is now may be told again by an event that came in between.
    std::string last;
    for (;;) {
      const auto row = store_.find(id, owner);
      if (!row) {
        const auto removed = event_text("removed", R"({"id":)" + json_text(id) + '}');
        co_await to.write(removed);
        co_return;
      }
      auto text = event_text("task", task_json(*row, work_.is_running(row->number)));
      if (text != last) co_await to.write(text);
      last = std::move(text);
      if (row->state != scrape::task_state::waiting) co_return;
      for (;;) {
        const auto event = co_await next_event(*here, options_.heartbeat);
        if (!event) co_return;
        if (*event) break;
        co_await to.write(":\n\n");
      }
    }
  });
  co_return out;
}

}  // namespace braid::serve
