#include "transfer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>

#include "body_text.hpp"
#include "failure_text.hpp"
#include "get_error.hpp"
#include "http_date.hpp"
#include "warning.hpp"
#include "write_out.hpp"

namespace braid::get {

namespace {

constexpr double longest_pause = 600;  // seconds between attempts

void tell_retry(const global_options& options, bool failed, double wait, long left) {
  std::array<char, 32> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%g", wait);
  warn(options, "Problem: " + std::string(failed ? "transient error" : "HTTP error") + ". Will retry in " +
                    seconds.data() + " second" + (wait == 1 ? "" : "s") + ". " + std::to_string(left) +
                    (left == 1 ? " retry left." : " retries left."));
}

/// A name that the DNS must not be asked for.
bool is_onion(std::string_view host) {
  constexpr std::string_view last = ".onion";
  if (host.ends_with('.')) host.remove_suffix(1);
  return host.size() >= last.size() && http::equal_ignoring_case(host.substr(host.size() - last.size()), last);
}

/// Statuses that may be others a moment later.
bool is_transient(int status) {
  constexpr int all[] = {408, 429, 500, 502, 503, 504, 522, 524};
  return std::find(std::begin(all), std::end(all), status) != std::end(all);
}

}  // namespace

namespace {

/// "%3d" as "%3D".
std::string with_upper_hex(std::string text) {
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '%' || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) continue;
    for (std::size_t j = i + 1; j < i + 3; ++j)
      text[j] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[j])));
  }
  return text;
}

}  // namespace

transfer::transfer(session& in, const job& what)
    : session_(in), job_(what), options_(*what.options), client_(in.client_of(*what.options)) {
  report_.url = report_.effective = what.url;
  report_.number = what.number;
}

awaitable<int> transfer::run() {
  began_ = clock::now();
  proxies_ = proxies_of(options_);
  awaitable<int> trying = attempts();
  const int code = co_await std::move(trying);
  report_.total = clock::now() - began_;
  report_.exit_code = code;
  if (out_) report_.file = out_->is_file() ? out_->name() : std::string();
  if (!options_.write_out.empty()) {
    const std::lock_guard lock(session_.writing);
    write_out(options_.write_out, report_);
  }
  co_return code;
}

awaitable<int> transfer::attempts() {
  double pause = options_.retry_delay > 0 ? options_.retry_delay : 1;
  for (long left = options_.retries;; --left) {
    std::exception_ptr failure;
    try {
      awaitable<void> one = attempt();
      if (options_.max_time) one = with_timeout(*options_.max_time, std::move(one), "--max-time");
      co_await std::move(one);
    } catch (...) {
      failure = std::current_exception();
    }
    const int code = finish_attempt(failure);
    if (left <= 0 || !may_retry(code)) co_return code;
    double wait = pause;
    if (!retry_after_.empty() && options_.retry_delay == 0) {
      const auto date = parse_date(retry_after_);
      const bool number = retry_after_.find_first_not_of("0123456789") == retry_after_.npos;
      if (number) wait = std::atof(retry_after_.c_str());
      if (!number && date) wait = std::max(0.0, std::difftime(*date, std::time(nullptr)));
    }
    const double spent = std::chrono::duration<double>(clock::now() - began_).count();
    if (options_.retry_max_time > 0 && spent + wait > options_.retry_max_time) {
      co_return code;
    }
    tell_retry(session_.line.global, failure != nullptr, wait, left);
    co_await sleep_for(std::chrono::duration_cast<duration>(std::chrono::duration<double>(wait)));
    if (options_.retry_delay == 0) pause = std::min(pause * 2, longest_pause);
    ++report_.retries;
    if (out_ && report_.delivered > 0) out_->rewind();
    report_.received = report_.delivered = 0;
  }
}

bool transfer::may_retry(int code) const {
  if (options_.retry_all && code != done) return true;
  if (code == timed_out || code == resolve_failed) return true;
  if (code == connect_failed) return options_.retry_refused;
  return (code == done || code == http_error) && is_transient(report_.status);
}

/// Not where the body and the meter would share a terminal.
void transfer::begin_meter() {
  metered_ = job_.out != "-" || job_.named_by_url || isatty(STDOUT_FILENO) == 0;
  if (!metered_) return;
  session_.meter.begin(clock::now(), upload_->any() ? 0 : resume_);
  if (upload_->length()) session_.meter.expect_sent(*upload_->length(), clock::now());
}

int transfer::finish_attempt(const std::exception_ptr& failure) {
  if (std::exchange(metered_, false)) session_.meter.end(clock::now());
  std::exception_ptr problem = failure;
  try {
    write_heads(true);
    if (!problem) finish_files();
  } catch (const get_error&) {
    if (!problem) problem = std::current_exception();
  }
  if (session_.archive) archive_.end(*session_.archive, problem ? message_of(problem) : std::string());
  if (!problem) return done;
  const int code = exit_code_of(problem, head_came_ || partial_head_ > 0);
  report_.error = message_of(problem);
  complain(session_.line.global, code, report_.error);
  try {
    if (out_) out_->close();
  } catch (const get_error&) {
    // The first failure is the one to tell.
  }
  if (out_ && options_.remove_on_error) out_->remove();
  return code;
}

std::string transfer::first_url() const {
  std::string text = job_.url;
  std::vector<std::string> queries = options_.queries;
  if (options_.data_in_query && options_.data) queries.push_back(*options_.data);
  if (queries.empty()) return text;
  const std::size_t hash = std::min(text.find('#'), text.size());
  std::string head = text.substr(0, hash);
  for (const std::string& one : queries) {
    if (one.empty()) continue;
    if (head.find('?') == head.npos) {
      const std::size_t scheme = head.find("://");
      if (head.find('/', scheme == head.npos ? 0 : scheme + 3) == head.npos) head += '/';
      head += '?';
    } else if (!head.ends_with('?') && !head.ends_with('&')) {
      head += '&';
    }
    head += with_upper_hex(one);
  }
  return head + text.substr(hash);
}

awaitable<void> transfer::attempt() {
  head_came_ = failed_status_ = condition_unmet_ = false;
  partial_head_ = 0;
  retry_after_.clear();
  heads_.clear();
  no_expect_ = false;
  if (!out_ && !options_.header_name) make_output(job_.named_by_url ? std::string() : job_.out);
  if (options_.when_exists == url_options::existing::skip && out_ && out_->is_file() &&
      std::filesystem::exists(out_->name())) {
    note(session_.line.global, "skips transfer, \"" + out_->name() + "\" exists locally");
    co_return;
  }
  if (!options_.etag_save.empty()) {
    try {
      output(options_.etag_save, output::mode::append, options_.create_dirs, false).open();
    } catch (const get_error&) {
      throw get_error(read_failed, "Failed creating file for saving etags: \"" + options_.etag_save + "\"");
    }
  }
  where_ = session_.secured(address::parse(first_url(), options_.path_as_is, options_.default_scheme));
  if (is_onion(where_.host) && proxies_.choose(where_.is_secure(), where_.host) == nullptr) {
    throw get_error(resolve_failed, "Not resolving .onion address (RFC 7686)");
  }
  if (options_.dump_header.size() && !heads_out_) {
    const bool again = !session_.begins_dump(options_, options_.dump_header);
    const std::string name = options_.dump_header == "%" ? "/dev/stderr" : options_.dump_header;
    heads_out_ = std::make_unique<output>(name, again ? output::mode::append : output::mode::replace,
                                          options_.create_dirs, false);
    if (heads_out_->is_file()) heads_out_->open();
  }
  set_range();
  upload_.emplace(job_, resume_);
  if (upload_->is_file() && (where_.path.ends_with('/')) && where_.query.empty() && upload_->length()) {
    where_.path += percent_encoded(job_.upload.substr(job_.upload.rfind('/') + 1));
  }
  if (job_.named_by_url && !out_ && !options_.header_name)
    make_output(in_folder(options_.output_dir, remote_name(where_.path)));
  begin_meter();
  report_.effective = where_.shown();
  sign_in_.emplace(options_, where_);
  first_origin_ = where_.origin();
  with_body_ = upload_->any();
  custom_ = !options_.method.empty();
  method_ = options_.head_only ? "HEAD" : !with_body_ ? "GET" : upload_->is_file() ? "PUT" : "POST";
  referer_ = options_.referer;
  awaitable<void> talking = converse();
  co_await std::move(talking);
}

}  // namespace braid::get
