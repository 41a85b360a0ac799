#include <braid/http/server_request.hpp>

#include "server/request_parser.hpp"

namespace braid::http {

std::string_view server_request::method() const { return head_.method; }
std::string_view server_request::target() const { return head_.target; }

std::string_view server_request::path() const { return target().substr(0, target().find('?')); }

std::string_view server_request::query() const {
  const auto mark = target().find('?');
  return mark == std::string_view::npos ? std::string_view{} : target().substr(mark + 1);
}

query_pairs server_request::parameters() const { return form_decode(query()); }

std::optional<std::string> server_request::parameter(std::string_view name) const {
  for (auto& [key, value] : parameters()) {
    if (key == name) return std::move(value);
  }
  return std::nullopt;
}

const headers& server_request::fields() const { return head_.fields; }
std::string_view server_request::authority() const { return head_.authority; }
int server_request::version() const { return head_.version; }
bool server_request::has_body() const { return head_.chunked || head_.content_length.value_or(0) > 0; }

boost::asio::awaitable<std::string> server_request::body() {
  std::string out;
  for (;;) {
    const std::string_view piece = co_await read_some();
    if (piece.empty()) co_return out;
    out += piece;
  }
}

}  // namespace braid::http
