#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace braid::http::h2 {

/// Whether HTTP/2 sends a field of a request: none that speaks of a connection. `name` in lower case.
bool is_sent(std::string_view name, std::string_view value);

/// A request's head as HTTP/2 sends it: pseudo-fields first, names in lower case, nothing that speaks of a connection
/// (RFC 9113, 8.2 and 8.3.1).
///
/// Made from the head of HTTP/1.1, so that one encoder decides what a request says.
class request_head {
 public:
  struct field {
    std::string_view name;
    std::string_view value;
    bool secret;  ///< to be kept out of the tables of header compression
  };

  /// `head` is a request line and header lines, each with its CRLF, and an empty line; `scheme` stays where it is.
  void assign(std::string_view head, std::string_view scheme);

  /// Views into *this, until the next assign().
  const std::vector<field>& fields() const noexcept { return fields_; }
  std::string_view method() const noexcept { return fields_.front().value; }

 private:
  std::string text_;
  std::vector<field> fields_;
};

}  // namespace braid::http::h2
