#include "task_json.hpp"

#include <chrono>

#include "../fetch/page_record.hpp"
#include "fault.hpp"

namespace braid::serve {

std::string_view state_name(scrape::task_state state, bool running) {
  return running && state == scrape::task_state::waiting ? "running" : to_string(state);
}

std::string time_json(std::int64_t milliseconds) {
  return '"' + fetch::iso_time(std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds))) + '"';
}

std::string task_json(const scrape::task_row& row, bool running) {
  std::string out = R"({"id":")" + row.id + R"(","status":")";
  out += state_name(row.state, running);
  out += R"(","created_at":)" + time_json(row.created);
  if (row.ended > 0) out += R"(,"ended_at":)" + time_json(row.ended);
  if (!row.error.empty()) out += R"(,"error":)" + json_text(row.error);
  out += R"(,"parameters":)" + row.request;
  out += R"(,"links":{"self":"/v1/task/)" + row.id + R"(","results":"/v1/task/)" + row.id + R"(/results"}})";
  return out;
}

}  // namespace braid::serve
