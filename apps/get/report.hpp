#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <braid/core/clock.hpp>

namespace braid::get {

/// What is known of a transfer at its end: what -w writes.
struct transfer_report {
  struct field {
    std::string name, value;
  };

  transfer_report() = default;

  std::string url;        // as it was given
  std::string effective;  // the last one
  std::string scheme, method, referer, content_type, redirect_url, file, error;
  std::string remote_ip, local_ip;
  std::vector<std::string> certificates;  // that the server showed, in PEM
  unsigned remote_port = 0, local_port = 0;
  int exit_code = 0;
  int status = 0;
  int connect_status = 0;  // of the proxy's answer to CONNECT
  int version = 0;         // 10, 11, 20
  std::size_t number = 0;
  unsigned redirects = 0, connects = 0, retries = 0;
  std::uint64_t header_bytes = 0, request_bytes = 0, received = 0, sent = 0, delivered = 0;
  duration resolve{}, connect{}, tls{}, before_request{}, first_byte{}, redirect{}, total{};
  std::vector<field> fields;      // of the last response
  std::vector<field> all_fields;  // of all responses
};

}  // namespace braid::get
