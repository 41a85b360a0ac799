#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <nlohmann/json.hpp>

#include <braid/core/error.hpp>
#include <braid/http/status.hpp>

namespace braid::http {

const headers& response_head::trailers() const noexcept {
  static const http::headers none;
  return trailers_ ? *trailers_ : none;
}

void response_head::throw_for_status() const {
  if (status_ < 400) return;
  std::string message = method_ + " " + std::string(url_.without_secrets().str()) + ": " + std::to_string(status_);
  message += " " + (reason_.empty() ? std::string(status_text(status_)) : reason_);
  throw status_error(status_, message);
}

response response::made(const request& asked, int status, http::headers fields, std::string body) {
  response out;
  out.status_ = status;
  out.reason_ = status_text(status);
  out.method_ = asked.method();
  out.url_ = asked.url();
  out.headers_ = std::move(fields);
  out.body_ = std::move(body);
  return out;
}

response& response::raise_for_status() & {
  throw_for_status();
  return *this;
}

const response& response::raise_for_status() const& {
  throw_for_status();
  return *this;
}

response&& response::raise_for_status() && {
  throw_for_status();
  return std::move(*this);
}

nlohmann::json response::json() const {
  try {
    return nlohmann::json::parse(body_);
  } catch (const nlohmann::json::parse_error& e) {
    throw protocol_error(method_ + " " + std::string(url_.without_secrets().str()) + ": the body is not JSON (byte " +
                         std::to_string(e.byte) + " of " + std::to_string(body_.size()) + ")");
  }
}

}  // namespace braid::http
