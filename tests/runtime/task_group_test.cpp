#include <boost/asio/io_context.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>

using namespace braid;
using namespace std::chrono_literals;

namespace {

awaitable<void> fail_after(duration time, const char* what) {
  co_await sleep_for(time);
  throw std::runtime_error(what);
}

}  // namespace

TEST_CASE("leaving a group waits for all its tasks") {
  testing::run_virtual([]() -> awaitable<void> {
    int done = 0;
    const auto start = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 1; i <= 100; ++i) {
        group.spawn([&done, i]() -> awaitable<void> {
          co_await sleep_for(std::chrono::seconds(i));
          ++done;
        });
      }
      CHECK(group.size() == 101);
      co_return;
    });
    const auto end = co_await now();
    CHECK(done == 100);
    CHECK(end - start == 100s);
  });
}

TEST_CASE("a group without tasks ends at once") {
  testing::run_virtual([]() -> awaitable<void> {
    bool ran = false;
    co_await with_task_group([&](task_group&) -> awaitable<void> {
      ran = true;
      co_return;
    });
    CHECK(ran);
  });
}

TEST_CASE("a task begins after its spawner has suspended") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string order;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        order += "task ";
        co_return;
      });
      order += "body ";
      co_return;
    });
    CHECK(order == "body task ");
  });
}

TEST_CASE("the first failure cancels the siblings and is rethrown when they have ended") {
  testing::run_virtual([]() -> awaitable<void> {
    int cancelled = 0;
    std::string what;
    const auto start = co_await now();
    try {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        for (int i = 0; i < 3; ++i) {
          group.spawn([&]() -> awaitable<void> {
            try {
              co_await sleep_for(1h);
            } catch (const boost::system::system_error&) {
              ++cancelled;
              throw;
            }
          });
        }
        group.spawn(fail_after(2s, "first"));
        group.spawn(fail_after(3s, "second"));
        co_await sleep_for(1h);
      });
    } catch (const std::runtime_error& e) {
      what = e.what();
    }
    const auto end = co_await now();
    CHECK(what == "first");
    CHECK(cancelled == 3);
    CHECK(end - start == 2s);
  });
}

TEST_CASE("a body that throws cancels its tasks, waits for them, and its failure is rethrown") {
  testing::run_virtual([]() -> awaitable<void> {
    bool ended = false;
    std::string what;
    try {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        group.spawn([&]() -> awaitable<void> {
          struct note {
            bool& flag;
            ~note() { flag = true; }
          } on_exit{ended};
          co_await sleep_for(1h);
        });
        co_await sleep_for(1s);
        throw std::runtime_error("body");
      });
    } catch (const std::runtime_error& e) {
      what = e.what();
      CHECK(ended);
    }
    CHECK(what == "body");
  });
}

TEST_CASE("a cancelled parent cancels its tasks, waits for them and ends with operation_aborted") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string log;
    co_await with_task_group([&](task_group& outer) -> awaitable<void> {
      outer.spawn([&]() -> awaitable<void> {
        std::exception_ptr failure;
        try {
          co_await with_task_group([&](task_group& inner) -> awaitable<void> {
            inner.spawn([&]() -> awaitable<void> {
              try {
                co_await sleep_for(1h);
              } catch (...) {
                log += "task ";
              }
            });
            co_return;
          });
        } catch (...) {
          failure = std::current_exception();
        }
        if (is_cancelled(failure)) log += "parent ";
      });
      co_await sleep_for(1s);
      outer.cancel();
    });
    CHECK(log == "task parent ");
  });
}

TEST_CASE("cancel ends the tasks and the body, and the parent goes on") {
  testing::run_virtual([]() -> awaitable<void> {
    bool went_on = false;
    const auto start = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([]() -> awaitable<void> { co_await sleep_for(1h); });
      co_await sleep_for(1s);
      group.cancel();
      co_await sleep_for(1h);
      went_on = true;
    });
    const auto end = co_await now();
    CHECK_FALSE(went_on);
    CHECK(end - start == 1s);
  });
}

TEST_CASE("a task spawned into a cancelled group never begins") {
  testing::run_virtual([]() -> awaitable<void> {
    bool began = false;
    auto held = std::make_shared<int>(1);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.cancel();
      const bool taken = group.spawn([&began, held]() -> awaitable<void> {
        began = true;
        co_return;
      });
      CHECK_FALSE(taken);
      CHECK(held.use_count() == 1);
      co_return;
    });
    CHECK_FALSE(began);
  });
}

TEST_CASE("a task that is cancelled before it begins never begins") {
  testing::run_virtual([]() -> awaitable<void> {
    bool began = false;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&began]() -> awaitable<void> {
        began = true;
        co_return;
      });
      group.cancel();
      co_return;
    });
    CHECK_FALSE(began);
  });
}

TEST_CASE("a task may spawn siblings while the group ends") {
  testing::run_virtual([]() -> awaitable<void> {
    int runs = 0;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      std::function<awaitable<void>(int)> chain = [&](int left) -> awaitable<void> {
        ++runs;
        co_await sleep_for(1s);
        if (left > 0) group.spawn(chain(left - 1));
      };
      group.spawn(chain(10));
      co_await sleep_for(1min);
    });
    CHECK(runs == 11);
  });
}

TEST_CASE("the names of running tasks can be listed") {
  testing::run_virtual([]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(sleep_for(1s), "short");
      group.spawn(sleep_for(1h), "long");
      group.spawn(sleep_for(1h));
      co_await sleep_for(2s);
      const auto names = group.running();
      CHECK(names == std::vector<std::string>{"long"});
      group.cancel();
    });
  });
}

TEST_CASE("a failure while a group is being cancelled is not lost") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string what;
    try {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        group.spawn([]() -> awaitable<void> {
          std::exception_ptr failure;
          try {
            co_await sleep_for(1h);
          } catch (...) {
            failure = std::current_exception();
          }
          if (failure) throw std::runtime_error("clean-up failed");
        });
        co_await sleep_for(1s);
        group.cancel();
      });
    } catch (const std::runtime_error& e) {
      what = e.what();
    }
    CHECK(what == "clean-up failed");
  });
}

TEST_CASE("a million tasks one after the other do not grow the stack or the group") {
  testing::run_virtual([]() -> awaitable<void> {
    int done = 0;
    for (int round = 0; round < 100; ++round) {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        for (int i = 0; i < 1000; ++i) {
          group.spawn([&done]() -> awaitable<void> {
            ++done;
            co_return;
          });
        }
        co_return;
      });
    }
    CHECK(done == 100'000);
  });
}

TEST_CASE("a group torn down with its context destroys what its tasks hold") {
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  {
    testing::virtual_runner runner;
    const auto stuck = [held = std::move(held)]() -> awaitable<void> {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        group.spawn([copy = held]() -> awaitable<void> {
          waiter never;
          co_await never.wait();
        });
        co_return;
      });
    };
    CHECK_THROWS_AS(runner.run(stuck), testing::deadlock);
  }
  // `stuck` itself held one until its scope ended.
  CHECK(watch.expired());
}
