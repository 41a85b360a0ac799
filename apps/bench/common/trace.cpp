#include "trace.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace braid::bench {
namespace {

using nlohmann::json;

double microseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1000; }

/// Says how a process or one of its threads is called.
json name_of(const char* what, std::size_t process, std::uint32_t thread, const std::string& name) {
  return {{"ph", "M"}, {"name", what}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}};
}

}  // namespace

json trace_of(const std::vector<named_timeline>& runs) {
  json events = json::array();
  std::uint64_t dropped = 0;
  std::size_t process = 0;
  for (const named_timeline& run : runs) {
    for (const auto& lane : run.what.lanes) {
      ++process;
      dropped += lane.dropped;
      events.push_back(name_of("process_name", process, 0, run.name + ": " + lane.name));
      events.push_back(
          {{"ph", "M"}, {"name", "process_sort_index"}, {"pid", process}, {"args", {{"sort_index", process}}}});
      std::set<std::uint32_t> tasks;
      for (const auto& one : lane.spans) {
        const std::uint32_t thread = one.task + 1;
        if (tasks.insert(one.task).second) {
          events.push_back(name_of("thread_name", process, thread, "task " + std::to_string(thread)));
        }
        events.push_back({{"ph", "X"},
                          {"cat", run.name},
                          {"name", run.what.phases.at(one.what)},
                          {"pid", process},
                          {"tid", thread},
                          {"ts", microseconds(one.begin)},
                          {"dur", microseconds(one.end - one.begin)}});
      }
    }
  }
  return {{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}, {"otherData", {{"dropped_spans", dropped}}}};
}

json to_json(const measure::timeline& what, std::size_t most) {
  json lanes = json::array();
  for (const auto& lane : what.lanes) {
    json spans = json::array();
    for (const auto& one : lane.spans) {
      if (spans.size() == most) break;
      spans.push_back({one.task, one.what, microseconds(one.begin), microseconds(one.end)});
    }
    const std::uint64_t dropped = lane.dropped + lane.spans.size() - spans.size();
    lanes.push_back({{"name", lane.name}, {"dropped", dropped}, {"spans", std::move(spans)}});
  }
  return {{"phases", what.phases}, {"lanes", std::move(lanes)}};
}

}  // namespace braid::bench
