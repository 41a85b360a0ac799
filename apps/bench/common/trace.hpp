#pragma once

#include <braid/measure/timeline.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace braid::bench {

struct named_timeline {
  std::string name;  ///< of the mode
  measure::timeline what;
};

/// What ui.perfetto.dev and chrome://tracing open: each lane is a process, each task a thread of it, each span an
/// event. https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU ("Trace Event Format")
nlohmann::json trace_of(const std::vector<named_timeline>& runs);

/// For the report: {"phases", "lanes": [{"name", "dropped", "spans": [[task, phase, begin_us, end_us], ...]}]}, with
/// the first `most` spans of each lane; what is left out counts as dropped.
nlohmann::json to_json(const measure::timeline& what, std::size_t most);

}  // namespace braid::bench
