// Live: /v1/events, /v1/task/{id}/events, as Server-Sent Events (WHATWG HTML, 9.2).
#include "api.hpp"
#include "task_json.hpp"

namespace braid::serve {
namespace {

using listener = std::shared_ptr<event_hub_shared::listener>;

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
    {
      const auto hello = event_text("stats", figures());
      co_await to.write(hello);
    }
    while (const auto event = co_await here->next()) co_await to.write(**event);
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
        const auto event = co_await here->next();
        if (!event) co_return;
        if (!event_hub_shared::is_sign_of_life(*event)) break;
        co_await to.write(**event);
      }
    }
  });
  co_return out;
}

}  // namespace braid::serve
