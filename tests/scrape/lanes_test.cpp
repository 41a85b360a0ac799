#include <braid/scrape/lanes.hpp>
#include <catch2/catch.hpp>
#include <vector>

using namespace std::chrono_literals;
using braid::time_point;
using braid::scrape::lanes;

namespace {

const time_point start{100s};

void fill(lanes& all, lanes::id which, int jobs) {
  for (int i = 0; i < jobs; ++i) all.queue(which);
}

}  // namespace

TEST_CASE("lanes take turns, and who has fewest under way goes first") {
  lanes all;
  const auto a = all.add(), b = all.add();
  all.set_slots(8);
  fill(all, a, 10);
  fill(all, b, 10);
  std::vector<lanes::id> order;
  for (int i = 0; i < 6; ++i) order.push_back(all.pick(start).value());
  CHECK(order == std::vector<lanes::id>{a, b, a, b, a, b});
  all.release(b);
  all.release(b);
  CHECK(all.pick(start) == b);
  CHECK(all.pick(start) == b);
  CHECK(all.pick(start) == a);
}

TEST_CASE("one lane has all the slots; beside others it leaves them one each but has half") {
  lanes all;
  const auto a = all.add();
  all.set_slots(6);
  fill(all, a, 20);
  for (int i = 0; i < 6; ++i) CHECK(all.pick(start) == a);
  CHECK_FALSE(all.pick(start));
  lanes more;
  more.set_slots(6);
  const auto busy = more.add(), other = more.add(1h), third = more.add(1h);
  fill(more, busy, 20);
  fill(more, other, 3);
  fill(more, third, 3);
  for (const auto expected : {busy, other, third, busy, busy, busy}) CHECK(more.pick(start) == expected);
  more.release(other);
  CHECK_FALSE(more.pick(start));  // the slot is kept for who comes next in an hour
  CHECK(more.pick(start + 1h) == other);
}

TEST_CASE("a lane spaces its starts evenly and does not save them up") {
  lanes all;
  const auto a = all.add(1s);
  fill(all, a, 10);
  CHECK(all.pick(start) == a);
  CHECK_FALSE(all.pick(start + 999ms));
  CHECK(all.next_moment(start) == start + 1s);
  CHECK(all.pick(start + 1s) == a);
  CHECK(all.pick(start + 60s) == a);
  CHECK_FALSE(all.pick(start + 60s));
}

TEST_CASE("a lane that is held waits and takes nothing from the others") {
  lanes all;
  const auto a = all.add(), b = all.add();
  all.set_slots(4);
  fill(all, a, 10);
  fill(all, b, 10);
  all.hold(a, start + 10s);
  all.hold(a, start + 5s);
  for (int i = 0; i < 4; ++i) CHECK(all.pick(start) == b);
  CHECK_FALSE(all.next_moment(start + 10s));
  CHECK(all.next_moment(start) == start + 10s);
  all.release(b);
  CHECK(all.pick(start + 10s) == a);
}

TEST_CASE("a limit of its own holds a lane back") {
  lanes all;
  const auto a = all.add();
  fill(all, a, 10);
  all.set_limit(a, 2);
  CHECK(all.ready(start));
  CHECK(all.pick(start) == a);
  CHECK(all.pick(start) == a);
  CHECK_FALSE(all.ready(start));
  CHECK_FALSE(all.next_moment(start));
  all.set_limit(a, 1);
  all.release(a);
  CHECK_FALSE(all.pick(start));
  all.release(a);
  CHECK(all.pick(start) == a);
}
