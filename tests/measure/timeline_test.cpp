#include <braid/measure/timeline.hpp>

#include <catch2/catch.hpp>

using namespace braid::measure;
using namespace std::chrono_literals;

namespace {

timeline_span span_at(std::chrono::nanoseconds begin, std::chrono::nanoseconds end, std::uint32_t task = 0) {
  timeline_span one;
  one.begin = begin;
  one.end = end;
  one.task = task;
  return one;
}

}  // namespace

TEST_CASE("a log of spans keeps the first that have a length and counts what comes when it is full") {
  span_log log(2);
  const auto* const room = log.spans().data();
  log.add(span_at(5ns, 5ns));
  log.add(span_at(5ns, 4ns));
  CHECK(log.spans().empty());
  for (int i = 0; i < 5; ++i) log.add(span_at(i * 1ns, 10ns));
  REQUIRE(log.spans().size() == 2);
  CHECK(log.spans()[1].begin == 1ns);
  CHECK(log.dropped() == 3);
  CHECK(log.spans().data() == room);  // nothing was allocated
}

TEST_CASE("a timeline has a lane for each log with its spans by their beginnings") {
  span_log first(4), second(1);
  first.add(span_at(30ns, 40ns, 1));
  first.add(span_at(10ns, 20ns, 2));
  second.add(span_at(0ns, 1ns));
  second.add(span_at(1ns, 2ns));
  timeline all;
  all.add_lane("one", first);
  all.add_lane("two", second);
  REQUIRE(all.lanes.size() == 2);
  CHECK(all.lanes[0].name == "one");
  CHECK(all.lanes[0].spans[0].task == 2);
  CHECK(all.lanes[0].spans[1].task == 1);
  CHECK(all.lanes[0].dropped == 0);
  CHECK(all.lanes[1].dropped == 1);
}
