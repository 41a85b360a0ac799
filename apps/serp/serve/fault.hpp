#pragma once

#include <braid/http/reply.hpp>
#include <cstdint>
#include <string>

namespace braid::serve {

/// Why a request is refused, as its answer says it: {"error":{"code","message","parameter"}}.
struct fault {
  fault() = default;
  fault(int http_status, std::string code_name, std::string text, std::string where = {})
      : status(http_status), code(std::move(code_name)), message(std::move(text)), parameter(std::move(where)) {}

  int status = 400;
  std::string code;
  std::string message;
  std::string parameter;         ///< the one that is wrong; empty for none
  std::int64_t retry_after = 0;  ///< seconds after which it may go better, for Retry-After; 0 if that is not known
};

std::string to_json(const fault& what);
http::reply answer(const fault& what);

/// Text as a JSON string, with its quotes; bytes that are no UTF-8 are replaced.
std::string json_text(std::string_view text);

}  // namespace braid::serve
