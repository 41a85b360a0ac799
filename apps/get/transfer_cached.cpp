// Transfers through --cache: responses that are kept whole, and found again.
#include <algorithm>

#include <braid/core/error.hpp>

#include "get_error.hpp"
#include "head_lines.hpp"
#include "transfer.hpp"

namespace braid::get {

namespace {

/// The header lines of a request as its fields, but for those that the client writes itself.
void put_fields(http::request& into, std::string_view lines, bool decodes) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !http::is_token(line.substr(0, colon))) continue;
    const std::string_view name = line.substr(0, colon), rest = line.substr(colon + 1);
    if (decodes && http::equal_ignoring_case(name, "Accept-Encoding")) continue;
    into.header(name, rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size())));
  }
}

}  // namespace

/// What a cache may answer: plain GETs, whose bytes on the wire nobody shaped.
bool transfer::may_be_cached() const {
  const url_options& o = options_;
  const bool shaped = custom_ || with_body_ || o.raw || o.http_1_0 || o.http_0_9 || o.ignore_length ||
                      !o.request_target.empty() || o.path_as_is;
  const bool part = resume_ > 0 || !o.range.empty();
  const bool conditional = newer_than_ || older_than_ || !o.etag_compare.empty();
  return !o.cache_folder.empty() && !o.head_only && method_ == "GET" && !shaped && !part && !conditional;
}

/// One request by way of the cache. Empty where the response is too large for one.
awaitable<std::optional<transfer::next_step>> transfer::ask_cached() {
  const http::request plain = make_request(true);
  http::request what("GET", where_.str());
  put_fields(what, sent_lines_, options_.compressed);
  head_came_ = false;
  http::response got;
  try {
    awaitable<http::response> asking = client_.send(std::move(what));
    got = co_await std::move(asking);
  } catch (const limit_error&) {
    co_return std::nullopt;
  }
  head_came_ = true;
  pass(http::wire_event::head_sent, sent_head_);
  pass(http::wire_event::head_received, text_of(got));
  set_times(got);
  if (session_.archive) archive_.answered(got);
  const next_step next = decide(got);
  if (next == next_step::finish) {
    if (check_head(got)) {
      session_.shown.show(trace::kind::data_in, got.body());
      if (session_.archive) archive_.received(got.body());
      report_.received = report_.delivered = got.body().size();
      if (metered_) session_.meter.received(got.body().size(), clock::now());
      out_->write(got.body());
      if (got.body().empty()) out_->open();
    }
    if (failed_status_) {
      throw get_error(http_error, "The requested URL returned error: " + std::to_string(report_.status));
    }
  } else {
    end_hop(next, got);
  }
  co_return next;
}

}  // namespace braid::get
