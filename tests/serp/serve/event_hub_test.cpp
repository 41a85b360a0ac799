#include "serp/serve/event_hub.hpp"

#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

using namespace braid::serve;
using braid::awaitable;
using braid::testing::run_virtual;

namespace {

/// All that has come, and a full stop if the hub is closed.
std::string rest(event_hub_shared::listener& from) {
  std::string out;
  run_virtual([&]() -> awaitable<void> {
    while (auto event = co_await from.next()) out += **event;
  });
  return out;
}

}  // namespace

TEST_CASE("a listener hears what concerns it") {
  event_hub_shared hub;
  const auto all = hub.listen("ann", ""), one = hub.listen("ann", "7"), other = hub.listen("bob", "");
  hub.tell("ann", "7", "task", "{7}");
  hub.tell("ann", "8", "task", "{8}");
  hub.tell_all("stats", "{}");
  CHECK(hub.listeners() == 3);
  hub.close();
  CHECK(rest(*all) == "event: task\ndata: {7}\n\nevent: task\ndata: {8}\n\nevent: stats\ndata: {}\n\n");
  CHECK(rest(*one) == "event: task\ndata: {7}\n\n");
  CHECK(rest(*other) == "event: stats\ndata: {}\n\n");
  CHECK(rest(*hub.listen("ann", "")).empty());
}

TEST_CASE("who does not keep up is told that it missed some, once there is room") {
  event_hub_shared hub(10, 2);
  const auto slow = hub.listen("", "");
  for (const char* data : {"1", "2", "3", "4"}) hub.tell("", "x", "task", data);
  run_virtual([&]() -> awaitable<void> {
    co_await slow->next();
    co_await slow->next();
  });
  hub.tell("", "x", "task", "5");
  hub.close();
  CHECK(rest(*slow) == "event: missed\ndata: {}\n\nevent: task\ndata: 5\n\n");
}

TEST_CASE("listeners have a bound, and who left is not counted") {
  event_hub_shared hub(2, 2);
  const auto first = hub.listen("", "");
  auto second = hub.listen("", "");
  CHECK(hub.listen("", "") == nullptr);
  second.reset();
  CHECK(hub.listeners() == 1);
  CHECK(hub.listen("", "") != nullptr);
}

TEST_CASE("every listener gets a sign of life once in a round, and not all at once") {
  event_hub_shared hub(100, 4);
  std::vector<std::shared_ptr<event_hub_shared::listener>> all;
  for (unsigned i = 0; i < 2 * event_hub_shared::turns; ++i) all.push_back(hub.listen("", i % 2 == 0 ? "" : "7"));
  hub.beat();
  for (unsigned i = 1; i < event_hub_shared::turns; ++i) hub.beat();
  hub.beat();
  hub.close();
  for (unsigned i = 0; i < all.size(); ++i) {
    CHECK(rest(*all[i]) == (i % event_hub_shared::turns == 0 ? ":\n\n:\n\n" : ":\n\n"));
  }
}
