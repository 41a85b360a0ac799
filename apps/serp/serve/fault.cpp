#include "fault.hpp"

#include <nlohmann/json.hpp>

namespace braid::serve {

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_json(const fault& what) {
  std::string out = R"({"error":{"code":)" + json_text(what.code) + R"(,"message":)" + json_text(what.message);
  if (!what.parameter.empty()) out += R"(,"parameter":)" + json_text(what.parameter);
  return out + "}}";
}

http::reply answer(const fault& what) {
  auto reply = http::reply::json(to_json(what));
  reply.status(what.status).header("Cache-Control", "no-store");
  if (what.status == 401) reply.header("WWW-Authenticate", "Bearer");
  if (what.retry_after > 0) reply.header("Retry-After", std::to_string(what.retry_after));
  return reply;
}

}  // namespace braid::serve
