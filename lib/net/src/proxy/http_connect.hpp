#pragma once

#include "proxy/handshake.hpp"
#include "proxy/refusal_body.hpp"

namespace braid::net {

/// CONNECT of HTTP/1.1 (RFC 9110, 9.3.6). 1xx answers are passed over, and so are the fields of a good one
/// and the body of a 407.
class http_connect final : public proxy_handshake {
 public:
  /// Throws: invalid_argument for a line of `fields` that could break out of the request.
  http_connect(const tunnel_target& to, const std::vector<std::string>& fields, const std::string& authorization,
               bool http_1_0 = false);

  step take(std::string_view input) override;
  /// So many bytes belong to the answer's head for certain.
  std::size_t wanted() const override;
  step end() override;

 private:
  step take_line(std::string_view line);
  step take_status(std::string_view line);
  step end_of_head();
  step take_body(std::string_view input);
  step refuse();

  std::string line_;
  std::string phrase_;
  std::string schemes_;     // of authentication, that a 407 asks for
  std::size_t taken_ = 0;   // of all heads together
  bool in_fields_ = false;  // the status line is read
  bool has_credentials_;
  bool http_1_1_ = false;
  bool in_body_ = false;
  refusal_body body_;
};

}  // namespace braid::net
