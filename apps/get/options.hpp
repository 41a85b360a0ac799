#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/http/client_options.hpp>

#include "options_proxy.hpp"
#include "options_tls.hpp"

namespace braid::get {

/// A part of a form: -F and --form-string.
struct form_argument {
  std::string text;
  bool literal = false;
};

/// What -w, --data and others may say about where bytes come from is read when the option is met, so that texts here
/// are as they are used.
struct url_options {
  url_options() = default;

  // What is fetched, in pairs with where it goes.
  std::vector<std::string> urls;
  struct target {
    std::string file;          // -o; empty for none
    bool remote_name = false;  // -O
    bool discard = false;      // --out-null
  };
  std::vector<target> targets;
  std::vector<std::string> uploads;  // -T, one for each URL
  bool remote_name_all = false;

  // The request.
  std::string method;  // -X
  bool head_only = false;
  bool data_in_query = false;
  std::optional<std::string> data;  // of all -d, as it is sent
  bool json = false;
  std::vector<std::string> queries;  // --url-query, encoded
  std::vector<form_argument> form;
  bool form_escape = false;
  std::vector<std::string> headers;
  std::optional<std::string> user_agent;
  std::string referer;
  std::string cookie;                     // -b NAME=VALUE
  std::vector<std::string> cookie_files;  // -b FILE
  std::string cookie_jar;                 // -c
  bool junk_session = false;
  std::string hsts;  // --hsts
  std::string proxy, proxy_user;
  std::optional<std::string> no_proxy;
  bool auto_referer = false;
  std::string range;
  std::optional<std::uint64_t> resume_from;
  bool resume_by_file = false;  // -C -
  std::string time_condition;
  std::string request_target;
  bool path_as_is = false;
  bool glob = true;
  bool http_1_0 = false;
  http::protocol_choice http_version = http::protocol_choice::automatic;
  bool http_0_9 = false;
  bool compressed = false;
  bool raw = false;
  bool ignore_length = false;
  std::string default_scheme;
  std::string etag_save, etag_compare;

  // Who asks.
  std::string user;
  bool basic = false, digest = false, any_auth = false;
  std::string bearer;
  enum class netrc_use : std::uint8_t { off, optional, required };
  netrc_use netrc = netrc_use::off;
  std::string netrc_file;

  // Redirects.
  bool follow = false;
  bool obey_method = false;  // --follow: the custom method holds only where the status keeps it
  bool trusted = false;
  bool post301 = false, post302 = false, post303 = false;
  long max_redirects = 50;  // below zero: any number

  // Connections.
  bool insecure = false;
  std::string ca_file;
  proxy_choices through;
  tls_choices tls;
  std::string unix_socket;
  bool ssrf_guard = false;
  std::string cache_folder;
  std::vector<std::string> resolve;
  std::vector<std::string> connect_to;
  bool only_ipv4 = false, only_ipv6 = false;

  // Time and size.
  std::optional<duration> max_time, connect_timeout;
  duration expect_timeout = std::chrono::seconds(1);
  std::uint64_t max_file_size = 0;
  std::uint64_t rate = 0;         // bytes a second
  std::uint64_t speed_limit = 0;  // less is too slow
  long speed_time = 0;            // seconds
  long retries = 0;
  double retry_delay = 0;     // seconds; 0 doubles from one
  double retry_max_time = 0;  // seconds
  bool retry_all = false, retry_refused = false;

  // What comes back.
  bool include_head = false;
  std::string dump_header;
  bool fail = false, fail_with_body = false;
  bool header_name = false;  // -J
  std::string output_dir;
  bool create_dirs = false;
  bool remove_on_error = false;
  enum class existing : std::uint8_t { usual, overwrite, keep, skip };
  existing when_exists = existing::usual;
  bool remote_time = false;
  bool unbuffered = false;
  std::string write_out;
};

/// What holds for all URLs.
struct global_options {
  global_options() = default;

  bool silent = false;
  bool show_error = false;
  bool verbose = false;
  std::string trace_file;
  bool trace_ascii = false;
  bool trace_time = false;
  unsigned config_depth = 0;  // of files that -K reads from files
  bool progress = true;
  bool progress_bar = false;
  bool parallel = false;
  std::size_t parallel_max = 50;
  unsigned contexts = 1;
  std::string archive;  // --har
  bool fail_early = false;
  std::string dns_servers;  // with commas between them
  bool help = false;
  bool version = false;
  std::string help_topic;
};

/// The command line: groups of URLs with their options, parted by --next.
struct command_line {
  command_line() : groups(1) {}

  global_options global;
  std::vector<url_options> groups;

  url_options& group() { return groups.back(); }
};

}  // namespace braid::get
