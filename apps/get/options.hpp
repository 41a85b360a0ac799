#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <braid/core/clock.hpp>

namespace braid::get {

/// The command line.
struct get_options {
  std::vector<std::string> urls;
  std::vector<std::string> outputs;  // one a URL, in order; "-" and what is missing mean standard output
  bool remote_name = false;          // -O: named as the last part of the URL's path
  bool include_head = false;
  bool head_only = false;
  bool follow = false;
  bool fail = false;
  bool silent = false;
  bool show_error = false;
  bool insecure = false;
  bool compressed = false;
  bool data_in_query = false;
  bool verbose = false;
  std::string method;
  std::optional<std::string> data;  // of all -d, as it is sent
  std::vector<std::string> headers;
  std::string user_agent = "braid-get/" BRAID_VERSION;
  std::string referer;
  std::string cookie;
  std::string user;
  std::string ca_file;
  std::string unix_socket;
  std::vector<std::string> resolve;
  std::optional<duration> max_time;
  std::optional<duration> connect_timeout;
  std::optional<std::uint64_t> max_file_size;
  unsigned max_redirects = 50;

  get_options() = default;
};

}  // namespace braid::get
