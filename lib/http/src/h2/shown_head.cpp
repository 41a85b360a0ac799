#include "h2/shown_head.hpp"

#include <algorithm>

#include "h2/request_head.hpp"

namespace braid::http::h2 {

std::string shown_request(std::string_view head) {
  const std::size_t first = head.find("\r\n");
  std::string out(head.substr(0, head.substr(0, first).rfind(' ')));
  out += " HTTP/2\r\n";
  head.remove_prefix(first + 2);
  while (!head.starts_with("\r\n")) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = line.find(':');
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const std::string_view value = line.substr(std::min(line.find_first_not_of(' ', colon + 1), line.size()));
    if (is_sent(name, value)) out.append(line).append("\r\n");
    head.remove_prefix(line.size() + 2);
  }
  return out + "\r\n";
}

std::string shown_response(int status, const headers& fields) {
  return "HTTP/2 " + std::to_string(status) + " \r\n" + shown_fields(fields) + "\r\n";
}

std::string shown_fields(const headers& fields) {
  std::string out;
  for (const headers::field field : fields) out.append(field.name).append(": ").append(field.value).append("\r\n");
  return out;
}

}  // namespace braid::http::h2
