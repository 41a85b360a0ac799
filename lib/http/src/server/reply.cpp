#include <braid/http/reply.hpp>

#include <array>
#include <utility>

#include <braid/core/error.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

namespace {

void check_field(std::string_view name, std::string_view value) {
  if (!is_token(name)) {
    throw invalid_argument("reply: \"" + std::string(name) + "\" is no header name");
  }
  if (!is_field_value(value)) {
    throw invalid_argument("reply: the value of header " + std::string(name) +
                           " has a line end or another control byte");
  }
  constexpr std::array<std::string_view, 4> own = {"content-length", "transfer-encoding", "connection", "date"};
  for (const std::string_view reserved : own) {
    if (equal_ignoring_case(name, reserved)) {
      throw invalid_argument("reply: header " + std::string(name) + " is written by the server");
    }
  }
}

}  // namespace

reply::reply(int status, std::string body, std::string_view type) : status_(status), text_(std::move(body)) {
  header("Content-Type", type);
}

reply reply::redirect(std::string_view location, int status) {
  reply out(status);
  out.header("Location", location);
  return out;
}

reply& reply::header(std::string_view name, std::string_view value) & {
  check_field(name, value);
  fields_.reserve(fields_.size() + name.size() + value.size() + 4);
  fields_ += name;
  fields_ += ": ";
  fields_ += value;
  fields_ += "\r\n";
  return *this;
}

reply&& reply::header(std::string_view name, std::string_view value) && {
  header(name, value);
  return std::move(*this);
}

reply& reply::status(int code) & {
  if (code < 200 || code > 999) throw invalid_argument("reply: status " + std::to_string(code) + " is not 200..999");
  status_ = code;
  return *this;
}

reply& reply::body(std::string text) & {
  owner_.reset();
  text_ = std::move(text);
  return *this;
}

reply& reply::body(std::shared_ptr<const void> owner, std::string_view text) & {
  owner_ = std::move(owner);
  shared_ = text;
  return *this;
}

reply& reply::stream(stream_body writer, std::optional<std::uint64_t> length) & {
  stream_ = std::move(writer);
  length_ = length;
  return *this;
}

reply& reply::close() & {
  close_ = true;
  return *this;
}

reply reply::raw(raw_body writer) {
  reply out;
  out.raw_ = std::move(writer);
  return out;
}

reply reply::reset() {
  reply out;
  out.reset_ = true;
  return out;
}

}  // namespace braid::http
