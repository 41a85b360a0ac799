#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../fetch/job.hpp"
#include "fault.hpp"

namespace braid::serve {

/// How a record is answered.
enum class output : std::uint8_t { json, ndjson, csv, markdown, html };
std::string_view to_string(output as);
std::optional<output> output_from(std::string_view name);

/// What a client asks for: a search, and how it wants the answer.
struct task_request {
  task_request() = default;

  fetch::job what;  ///< its parameters only; URL and id follow from them
  output as = output::json;
  bool async = false;     ///< /v1/scrape answers at once, as /v1/task does
  bool no_cache = false;  ///< no earlier record will do
  std::string callback;   ///< URL that is told of the end; empty for none
};

/// Numbers and booleans may be strings, as forms have them. A parameter that does not exist is refused, as is every
/// value that could make an engine's URL lead elsewhere.
std::variant<task_request, fault> read_request(const nlohmann::json& parameters,
                                               const std::vector<std::string>& engines);

/// The parameters as JSON, those left out left out: what the store keeps and answers show. read_request() takes it.
std::string parameters_json(const task_request& from);

/// Equal for requests that the same record answers.
std::string sameness(const task_request& of);

}  // namespace braid::serve
