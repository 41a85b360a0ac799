#include <bench/run/mode.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace braid::bench;

TEST_CASE("each mode has a name that leads back to it") {
  for (const auto kind : all_modes()) {
    CHECK(mode_from(to_string(kind)) == kind);
  }
  CHECK_FALSE(mode_from("").has_value());
  CHECK_FALSE(mode_from("Sequential").has_value());
}

TEST_CASE("the modes differ in nothing but contexts, threads and tasks") {
  const auto plan = [](mode kind) {
    const auto p = plan_of(kind, 4, 100);
    return std::vector<unsigned>{p.contexts, p.threads, p.tasks};
  };
  CHECK(plan(mode::sequential) == std::vector<unsigned>{1, 1, 1});
  CHECK(plan(mode::concurrent) == std::vector<unsigned>{1, 1, 100});
  CHECK(plan(mode::parallel) == std::vector<unsigned>{4, 4, 4});
  CHECK(plan(mode::parallel_concurrent) == std::vector<unsigned>{4, 4, 100});
  CHECK(plan(mode::shared) == std::vector<unsigned>{1, 4, 100});
}

TEST_CASE("tasks are dealt out so that contexts differ by at most one") {
  const auto plan = plan_of(mode::parallel_concurrent, 3, 100);
  std::map<unsigned, int> on;
  for (unsigned task = 0; task < plan.tasks; ++task) {
    ++on[context_of(plan, task)];
  }
  CHECK(on == std::map<unsigned, int>{{0, 34}, {1, 33}, {2, 33}});
}

TEST_CASE("arrangements are described in words") {
  CHECK(plan_of(mode::sequential, 2, 9).describe() == "1 context, 1 task");
  CHECK(plan_of(mode::concurrent, 2, 9).describe() == "1 context, 9 tasks");
  CHECK(plan_of(mode::parallel, 2, 9).describe() == "2 contexts, 1 task on each");
  CHECK(plan_of(mode::parallel_concurrent, 2, 9).describe() == "2 contexts, 4 or 5 tasks on each");
  CHECK(plan_of(mode::parallel_concurrent, 2, 8).describe() == "2 contexts, 4 tasks on each");
  CHECK(plan_of(mode::shared, 2, 9).describe() == "1 context run by 2 threads, 9 tasks");
}
