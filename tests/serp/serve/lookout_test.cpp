#include "../../../apps/serp/serve/lookout.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using braid::serve::lookout;
using ids = std::set<std::string>;

namespace {

ids next(lookout& of, std::size_t most) {
  const auto list = of.next(most);
  CHECK(list.size() <= most);
  const ids all(list.begin(), list.end());
  CHECK(all.size() == list.size());
  return all;
}

}  // namespace

TEST_CASE("a lookout looks for the oldest of each engine, and in turn for the others") {
  lookout all;
  for (int i = 0; i < 100; ++i) all.add("slow" + std::to_string(i), "slow", i);
  for (int i = 100; i < 104; ++i) all.add("quick" + std::to_string(i), "quick", i);
  CHECK(all.size() == 104);
  const auto first = next(all, 16);
  CHECK(first.count("slow0") == 1);
  CHECK(first.count("quick100") == 1);
  CHECK(first.count("quick103") == 1);
  ids seen;
  for (int i = 0; i < 60; ++i) seen.merge(next(all, 16));
  CHECK(seen.size() == 104);
}

TEST_CASE("a lookout looks first for what somebody waits for, and never again for what is removed") {
  lookout all;
  for (int i = 0; i < 1000; ++i) all.add(std::to_string(i), "one", i);
  all.hurry("777");
  all.hurry("none");
  CHECK(next(all, 8).count("777") == 1);
  CHECK(all.find("777") == 777);
  all.remove("777");
  all.remove("777");
  CHECK(all.find("777") == std::nullopt);
  CHECK(next(all, 8).count("777") == 0);
  for (int i = 0; i < 1000; ++i) all.remove(std::to_string(i));
  CHECK(all.size() == 0);
  CHECK(next(all, 8).empty());
}
