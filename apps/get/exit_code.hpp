#pragma once

#include <exception>

namespace braid::get {

/// curl's exit codes, as far as they can occur here.
enum exit_code : int {
  done = 0,
  unsupported_scheme = 1,
  usage = 2,
  bad_url = 3,
  not_built_in = 4,
  proxy_resolve_failed = 5,
  resolve_failed = 6,
  connect_failed = 7,
  weird_reply = 8,
  http2_failed = 16,
  partial_file = 18,
  http_error = 22,
  write_failed = 23,
  upload_failed = 25,
  read_failed = 26,
  timed_out = 28,
  no_ranges = 33,
  tls_failed = 35,
  bad_argument = 43,
  bad_interface = 45,
  bad_resolve = 49,
  too_many_redirects = 47,
  empty_reply = 52,
  receive_failed = 56,
  bad_own_certificate = 58,
  bad_ciphers = 59,
  bad_certificate = 60,
  bad_encoding = 61,
  file_too_large = 63,
  cannot_rewind = 65,
  bad_ca_file = 77,
  bad_revocations = 82,
  bad_pin = 90,
  http2_stream_failed = 92,
  proxy_failed = 97,
  too_large = 100,
};

/// The code for what a transfer threw. `head_came` tells an empty reply from a partial one.
int exit_code_of(const std::exception_ptr& failure, bool head_came);

}  // namespace braid::get
