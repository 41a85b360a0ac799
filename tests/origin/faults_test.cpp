#include <catch2/catch.hpp>
#include <map>

#include <braid/core/error.hpp>
#include <braid/origin/faults.hpp>

using namespace braid;
using namespace braid::origin;

TEST_CASE("each fault happens as often as its probability says") {
  const fault_plan plan = fault_plan::parse("reset:0.01,truncate:0.02,stall:0.03,429:0.1,503:0.05,block:0.2,slow:0.04");
  std::map<fault_kind, int> counts;
  constexpr int requests = 100'000;
  for (int i = 0; i < requests; ++i) ++counts[plan.pick(7, static_cast<std::uint64_t>(i))];
  double sum = 0;
  for (std::size_t kind = 1; kind < fault_kinds; ++kind) {
    const auto which = static_cast<fault_kind>(kind);
    const double expected = plan.probability(which);
    INFO(to_string(which));
    CHECK(counts[which] / double{requests} == Approx(expected).margin(0.004));
    sum += expected;
  }
  CHECK(counts[fault_kind::none] / double{requests} == Approx(1 - sum).margin(0.006));
}

TEST_CASE("the same seed and request number give the same fault, another seed another sequence") {
  const fault_plan plan = fault_plan::parse("429:0.5");
  int differences = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    CHECK(plan.pick(1, i) == plan.pick(1, i));
    differences += plan.pick(1, i) != plan.pick(2, i);
  }
  CHECK(differences > 300);
  CHECK(differences < 700);
}

TEST_CASE("a plan without faults never picks one, a certain fault is always picked") {
  CHECK(fault_plan().empty());
  CHECK(fault_plan().pick(0.0) == fault_kind::none);
  const fault_plan certain = fault_plan::parse("block:1");
  for (std::uint64_t i = 0; i < 1000; ++i) CHECK(certain.pick(3, i) == fault_kind::block);
}

TEST_CASE("unknown faults and impossible probabilities are refused by name") {
  for (const char* text :
       {"explode:0.1", "reset", "reset:", "reset:2", "reset:-1", "reset:nan", "reset:0.6,429:0.6", "reset:0.1,,"}) {
    INFO(text);
    CHECK_THROWS_AS(fault_plan::parse(text), invalid_argument);
  }
  CHECK_THROWS_WITH(fault_plan::parse("explode:0.1"), Catch::Contains("explode"));
}
