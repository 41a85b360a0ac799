#include <braid/measure/cpu_time.hpp>
#include <braid/measure/json.hpp>

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace braid::measure;
using namespace std::chrono_literals;

TEST_CASE("user and system time are read from a line of /proc/PID/stat") {
  const auto t = parse_proc_stat("42 (braid-origin) S 1 42 42 0 -1 4194560 500 0 0 0 123 45 0 0 20 0 3 0 99 1 2", 100);
  REQUIRE(t.has_value());
  CHECK(t->user == 1230ms);
  CHECK(t->system == 450ms);
  CHECK(t->total() == 1680ms);
}

TEST_CASE("a command name with spaces and parentheses does not shift the fields") {
  const auto t = parse_proc_stat("7 (a) S (b 1 2) R 1 7 7 0 -1 0 0 0 0 0 5 6 0 0 20 0 1 0", 100);
  REQUIRE(t.has_value());
  CHECK(t->user == 50ms);
  CHECK(t->system == 60ms);
}

TEST_CASE("a line that is no stat line gives nothing") {
  CHECK_FALSE(parse_proc_stat("", 100).has_value());
  CHECK_FALSE(parse_proc_stat("42 (cut) S 1 2 3", 100).has_value());
  CHECK_FALSE(parse_proc_stat("42 (x) S 1 42 42 0 -1 0 0 0 0 0 a b", 100).has_value());
}

TEST_CASE("a process that does not exist has no time") { CHECK_FALSE(cpu_time_of_process(0x7FFFFFF0).has_value()); }

TEST_CASE("what was used between two moments is never less than nothing, and its total is the clock's") {
  // A tick of user time seen late, where the clock of the process counts in nanoseconds.
  const auto used = cpu_time{20ms, 5ms} - cpu_time{10ms, 9ms};
  CHECK(used.total() == 6ms);
  CHECK(used.user == 6ms);
  CHECK(used.system == 0ms);
  CHECK((cpu_time{10ms, 20ms} - cpu_time{11ms, 9ms}).user == 0ms);
  CHECK((cpu_time{1ms, 1ms} - cpu_time{2ms, 1ms}).total() == 0ms);
}

TEST_CASE("the machine's busy time leaves out idling and waiting for disks") {
  const auto t = parse_machine_stat("cpu  100 20 30 9999 888 4 5 6 50 7", 100);
  REQUIRE(t.has_value());
  CHECK(*t == 1650ms);
  CHECK_FALSE(parse_machine_stat("cpu0 1 2 3 4 5 6 7 8 9 10", 100).has_value());
  CHECK_FALSE(parse_machine_stat("cpu  1 2 3", 100).has_value());
  CHECK(busy_time_of_machine().has_value());
}

TEST_CASE("processor time grows with work, seen from inside and through /proc") {
  const auto inside = cpu_time_of_self();
  const auto outside = cpu_time_of_process(getpid());
  REQUIRE(outside.has_value());
  // Until the clock of the process has moved: work, not time, ends the loop.
  volatile unsigned sink = 0;
  while ((cpu_time_of_self() - inside).total() < 20ms) {
    sink = sink + 1;
  }
  CHECK((cpu_time_of_process(getpid()).value() - *outside).total() >= 10ms);
  CHECK(resource_usage_of_self().peak_resident_bytes > 0);
}

TEST_CASE("processor time in JSON is in seconds") {
  const auto json = to_json(cpu_time{1500ms, 250ms});
  CHECK(json["user_s"] == 1.5);
  CHECK(json["system_s"] == 0.25);
  CHECK(json["total_s"] == 1.75);
}
