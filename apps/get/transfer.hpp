#pragma once

#include <memory>
#include <optional>
#include <string>

#include <braid/http/client.hpp>
#include <braid/runtime/awaitable.hpp>

#include "address.hpp"
#include "archive_entry.hpp"
#include "job.hpp"
#include "output.hpp"
#include "report.hpp"
#include "session.hpp"
#include "sign_in.hpp"
#include "upload.hpp"

namespace braid::get {

/// A head that has no text, as it came from a cache, as curl writes it.
std::string text_of(const http::response_head& head);

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
  bool may_be_cached() const;
  http::request cacheable_request();
  void end_hop(next_step next, const http::response_head& head);
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
  void tell_of_tunnel(std::string_view line);
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
  std::string content_range() const;
  url cookie_url() const;
  const net::proxy* asked_proxy() const;
  bool connects_elsewhere() const;
  bool may_answer_proxy(const http::headers& fields);
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
  archive_entry archive_;
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
  std::string proxy_sent_;    // the last Proxy-Authorization
  unsigned proxy_turns_ = 0;  // requests that the proxy refused, and that were worth another
  bool seen_old_ = false;     // somebody answered by HTTP/1.0
  std::string sent_lines_;    // of the last request's head
  std::string sent_head_;     // as it reads where a cache answered it
  bool metered_ = false;      // the meter shows it
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

}  // namespace braid::get
