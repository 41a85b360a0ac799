#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <braid/http/client.hpp>
#include <braid/runtime/awaitable.hpp>

#include "address.hpp"
#include "cookie_box.hpp"
#include "job.hpp"
#include "output.hpp"
#include "progress_meter.hpp"
#include "report.hpp"
#include "sign_in.hpp"
#include "trace.hpp"
#include "upload.hpp"

namespace braid::get {

/// What the transfers of a command line share.
struct session {
  explicit session(const command_line& from) : line(from), shown(from.global), meter(style_of(from.global)) {}

  static progress_meter::style style_of(const global_options& options) {
    if (options.silent || !options.progress) return progress_meter::style::none;
    return options.progress_bar ? progress_meter::style::bar : progress_meter::style::meter;
  }

  const command_line& line;
  trace shown;
  progress_meter meter;
  std::map<std::string, http::client> clients;  // by what makes their connections different
  std::optional<cookie_box> cookies;            // where -b FILE or -c asks for it
  struct ends {
    std::string peer, own;  // "127.0.0.1:80"
  };
  std::map<std::string, ends> peers;                            // who answered for a host, and from where it was asked
  std::set<std::pair<const url_options*, std::string>> dumped;  // files of -D that were begun
  std::set<std::string> speaks_old;                             // origins whose open connection speaks HTTP/1.0
};

/// Fetches one URL: requests, redirects, challenges, retries, and where all goes.
class transfer {
 public:
  transfer(session& in, const job& what);

  /// Gives back curl's exit code; what failed is said on standard error, and -w written.
  awaitable<int> run();

 private:
  enum class next_step : std::uint8_t { finish, repeat, redirect };

  // one attempt
  awaitable<void> attempt();
  awaitable<void> converse();
  http::request make_request(bool first);
  next_step decide(const http::response_head& head);
  void follow(std::string_view location);
  void to_get(int status);
  bool check_head(const http::response_head& head);
  awaitable<void> drain(http::response_stream& from);
  awaitable<void> receive(http::response_stream& from, bool wanted);
  void set_times(const http::response_head& head);

  // what passes
  void pass(http::wire_event what, std::string_view bytes);
  void take_head(std::string_view head);
  void write_heads(bool all);
  void prepare_output(const http::response_head& head);
  void make_output(const std::string& name);

  // around it
  awaitable<int> attempts();
  int finish_attempt(const std::exception_ptr& failure);
  bool may_retry(int code) const;
  std::string first_url() const;
  void set_range();
  std::string condition_line();
  url cookie_url() const;
  void begin_meter();
  void finish_files();

  session& session_;
  const job& job_;
  const url_options& options_;
  http::client client_;
  std::optional<upload> upload_;
  std::optional<sign_in> sign_in_;
  std::unique_ptr<output> out_;
  std::unique_ptr<output> heads_out_;
  transfer_report report_;
  net::proxy_settings proxies_;
  address where_;
  std::string first_origin_;
  std::string method_;  // without -X
  bool with_body_ = false;
  bool custom_ = false;  // -X holds
  bool sent_body_ = false;
  bool no_expect_ = false;
  bool expecting_ = false;
  bool awaits_challenge_ = false;
  bool seen_old_ = false;  // somebody answered by HTTP/1.0
  std::string sent_head_;  // as it reads where HTTP/2 sent it, which has no text
  bool metered_ = false;   // the meter shows it
  bool head_came_ = false;
  bool failed_status_ = false;
  bool condition_unmet_ = false;
  std::size_t partial_head_ = 0;  // lines of a head that is not complete
  std::string referer_;
  std::string heads_;  // not written yet
  std::uint64_t resume_ = 0;
  std::optional<std::time_t> newer_than_, older_than_;
  std::string retry_after_;
  time_point began_{};
};

/// Reads the files of -b. Throws: get_error.
void begin_cookies(session& in);
/// Writes those of -c. Throws: get_error (23).
void end_cookies(session& in);

/// The proxies of -x, -U and --noproxy, or of the environment. Throws: get_error (5).
net::proxy_settings proxies_of(const url_options& options);

/// The client for a group's connections.
http::client client_of(session& in, const url_options& options);

}  // namespace braid::get
