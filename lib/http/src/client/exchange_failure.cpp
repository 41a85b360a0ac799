#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>

#include "client/exchange.hpp"

// What went wrong, in words: what, to whom, how far.

namespace braid::http {

namespace {

/// "1,024"
std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

/// "30 s", "250 ms"
std::string in_words(duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

std::string exchange::description() const {
  return request_.method_ + " " + std::string(request_.url_.without_secrets().str());
}

/// "before the response", "in the response's header", "after 1,024 of 4,096 body bytes"
std::string exchange::how_far() const {
  if (!answered_) return "before the response";
  const incoming_response& from = *from_;
  if (!from.in_body()) return "in the response's header";
  std::string text = "after " + with_commas(received_);
  if (from.body_framing() == response_decoder::framing::length) text += " of " + with_commas(from.body_length());
  return text + " body bytes";
}

void exchange::fail_decoding() {
  const incoming_response& from = *from_;
  if (from.why() == incoming_response::fault::cut_off) {
    throw connection_lost(description() + ": connection lost " + how_far() + " (" + std::string(from.reason()) + ")");
  }
  const std::string message = description() + ": " + std::string(from.reason());
  if (from.why() == response_decoder::fault::limit) throw limit_error(message);
  throw protocol_error(message);
}

void exchange::fail_io(const boost::system::error_code& error) {
  if (error == boost::asio::error::operation_aborted) {
    if (expired_ != phase::none) fail_late();
    throw boost::system::system_error(error);
  }
  std::string message = description() + ": connection lost " + how_far();
  if (net::is_truncation(error)) {
    message += " (TLS ended without a farewell)";
  } else if (error != boost::asio::error::eof) {
    message += " (" + error.message() + ")";
  }
  throw connection_lost(message);
}

void exchange::fail_over_limit() const {
  throw limit_error(description() + ": the body of " + with_commas(from_->body_length()) +
                    " bytes is over the limit of " + with_commas(client_->options.limits.body_bytes));
}

void exchange::fail_late() {
  const client_timeouts& limits = client_->options.timeouts;
  const std::string begin = description() + ": timed out after ";
  if (expired_total_) {
    const duration all = request_.timeout() ? *request_.timeout() : *limits.total;
    std::string where = expired_ == phase::queue ? "waiting for a free connection" : how_far();
    if (expired_ == phase::pace) where = "waiting for its turn under the rate limit";
    throw timeout_error(begin + in_words(all) + " in total, " + where, "total");
  }
  if (expired_ == phase::first_byte) {
    throw timeout_error(begin + in_words(*limits.first_byte) + " waiting for the first byte", "first byte");
  }
  throw timeout_error(begin + in_words(*limits.idle) + " without a byte moving, " + how_far(), "idle");
}

void exchange::rethrow_with_description(const std::exception_ptr& failure) const {
  const std::string begin = description() + ": ";
  try {
    std::rethrow_exception(failure);
  } catch (const timeout_error& e) {
    throw timeout_error(begin + e.what(), expired_total_ ? "total" : e.phase());
  } catch (const resolve_error& e) {
    throw resolve_error(begin + e.what());
  } catch (const address_refused& e) {
    throw address_refused(begin + e.what());
  } catch (const connect_error& e) {
    throw connect_error(begin + e.what());
  } catch (const proxy_error& e) {
    throw proxy_error(e.where(), begin + e.what(), e.status());
  } catch (const tls_error& e) {
    throw tls_error(begin + e.what());
  } catch (const connection_lost& e) {
    throw connection_lost(begin + e.what());
  } catch (const decode_error& e) {
    throw decode_error(begin + e.what());
  } catch (const redirect_error& e) {
    throw redirect_error(begin + e.what());
  } catch (const limit_error& e) {
    throw limit_error(begin + e.what());
  }
}

}  // namespace braid::http
