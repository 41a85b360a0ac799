#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
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

/// What a client asks for: a search, and how it wants the answer.
struct task_request {
  task_request() = default;

  fetch::job what;  ///< its parameters only; URL and id follow from them
  output as = output::json;
  bool async = false;     ///< /v1/scrape answers at once, as /v1/task does
  bool no_cache = false;  ///< no earlier record will do
  std::string callback;   ///< URL that is told of the end; empty for none
};

/// The parameters of a body: a JSON object, or a form. A body that begins with '{' is JSON whatever its type says,
/// since that is what curl -d sends.
std::variant<nlohmann::json, fault> read_parameters(std::string_view body, std::string_view content_type);

/// Numbers and booleans may be strings, as forms have them. A parameter that does not exist is refused, as is every
/// value that could make an engine's URL lead elsewhere.
std::variant<task_request, fault> read_request(const nlohmann::json& parameters,
                                               const std::vector<std::string>& engines);

/// The parameters as JSON, those left out left out: what the store keeps and answers show. read_request() takes it.
std::string parameters_json(const task_request& from);

/// Equal for requests that the same record answers.
std::string sameness(const task_request& of);

}  // namespace braid::serve
