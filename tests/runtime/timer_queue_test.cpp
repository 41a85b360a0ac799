#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <random>
#include <vector>

using namespace braid;
using namespace std::chrono_literals;

namespace {

struct noting : timer {
  int id = 0;
  std::vector<int>* log = nullptr;
  static void note(timer& self) {
    auto& me = static_cast<noting&>(self);
    me.log->push_back(me.id);
  }
};

}  // namespace

TEST_CASE("timers go off in the order of their deadlines, equal ones in the order of arming") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  queue.use_virtual_time();
  const auto start = queue.now();
  std::vector<int> log;
  std::deque<noting> timers(5);
  const int seconds[] = {3, 1, 2, 1, 3};
  for (int i = 0; i < 5; ++i) {
    timers[i].id = i;
    timers[i].log = &log;
    timers[i].arm(queue, start + std::chrono::seconds(seconds[i]), noting::note);
  }
  CHECK(queue.next() == start + 1s);
  queue.advance_to(start + 2s);
  CHECK(log == std::vector{1, 3, 2});
  CHECK(queue.now() == start + 2s);
  queue.advance_to(start + 10s);
  CHECK(log == std::vector{1, 3, 2, 0, 4});
  CHECK_FALSE(queue.next().has_value());
}

TEST_CASE("a disarmed or destroyed timer does not go off") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  queue.use_virtual_time();
  std::vector<int> log;
  noting kept, disarmed;
  kept.log = disarmed.log = &log;
  kept.id = 7;
  {
    noting gone;
    gone.log = &log;
    gone.arm(queue, queue.now() + 1s, noting::note);
    disarmed.arm(queue, queue.now() + 2s, noting::note);
    kept.arm(queue, queue.now() + 3s, noting::note);
  }
  disarmed.disarm();
  disarmed.disarm();
  queue.advance_to(queue.now() + 1h);
  CHECK(log == std::vector{7});
}

TEST_CASE("arming an armed timer moves it") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  queue.use_virtual_time();
  std::vector<int> log;
  noting moved;
  moved.log = &log;
  moved.arm(queue, queue.now() + 1s, noting::note);
  moved.arm(queue, queue.now() + 5s, noting::note);
  queue.advance_to(queue.now() + 2s);
  CHECK(log.empty());
  queue.advance_to(queue.now() + 3s);
  CHECK(log.size() == 1);
}

TEST_CASE("thousands of timers armed and disarmed at random agree with a sorted list") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  queue.use_virtual_time();
  const auto start = queue.now();
  std::mt19937 random(7);
  std::vector<int> log;
  std::deque<noting> timers(3000);
  std::vector<std::pair<time_point, int>> expected;
  for (int i = 0; i < 3000; ++i) {
    timers[i].id = i;
    timers[i].log = &log;
    timers[i].arm(queue, start + std::chrono::milliseconds(random() % 500), noting::note);
    if (i % 3 == 0) timers[random() % (i + 1)].disarm();
  }
  for (int i = 0; i < 3000; ++i) {
    if (timers[i].armed()) expected.emplace_back(timers[i].when(), i);
  }
  std::sort(expected.begin(), expected.end());  // by time, then by order of arming
  queue.advance_to(start + 1s);
  std::vector<int> ids;
  for (auto& [when, id] : expected) ids.push_back(id);
  CHECK(log == ids);
}

TEST_CASE("a timer goes off in real time, also after an earlier one has come in between") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  std::vector<int> log;
  noting late, early;
  late.log = early.log = &log;
  late.id = 2;
  early.id = 1;
  const auto start = clock::now();
  asio::post(io, [&] {
    late.arm(queue, start + 20ms, noting::note);
    early.arm(queue, start + 5ms, noting::note);
  });
  const auto work = asio::make_work_guard(io);
  while (log.size() < 2) io.run_one();
  CHECK(log == std::vector{1, 2});
  CHECK(clock::now() - start >= 20ms);
}

TEST_CASE("an armed timer does not keep run from returning") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  noting idle;
  const auto start = clock::now();
  idle.arm(queue, start + 1h, noting::note);  // outside run
  asio::post(io, [&] { idle.arm(queue, start + 30min, noting::note); });
  io.run();
  CHECK(clock::now() - start < 1min);
}

TEST_CASE("a timer armed before run does not stop the context") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  noting idle;
  idle.arm(queue, clock::now() + 1h, noting::note);
  int ran = 0;
  asio::post(io, [&] { asio::post(io, [&] { ++ran; }); });
  io.run();
  CHECK(ran == 1);
}

TEST_CASE("virtual time cannot begin once timers are armed") {
  asio::io_context io;
  auto& queue = timer_queue::of(io);
  noting idle;
  idle.arm(queue, clock::now() + 1h, noting::note);
  CHECK_THROWS_AS(queue.use_virtual_time(), invalid_argument);
  CHECK_THROWS_AS(queue.advance_to(clock::now()), invalid_argument);
}

TEST_CASE("every context has its own queue, found again by context and by executor") {
  auto first = std::make_unique<asio::io_context>();
  asio::io_context second;
  auto& of_first = timer_queue::of(*first);
  auto& of_second = timer_queue::of(second.get_executor());
  CHECK(&of_first != &of_second);
  CHECK(&of_first == &timer_queue::of(asio::any_io_executor(first->get_executor())));
  CHECK(&of_second == &timer_queue::of(second));
  // A new context may get the address of an old one; the cached answer must not survive.
  for (int i = 0; i < 10; ++i) {
    first = std::make_unique<asio::io_context>();
    CHECK_FALSE(timer_queue::of(*first).is_virtual());
    timer_queue::of(*first).use_virtual_time();
  }
}
