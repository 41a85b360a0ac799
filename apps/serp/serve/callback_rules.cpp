#include "callback_rules.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <braid/core/error.hpp>
#include <braid/http/retry.hpp>

#include "fault.hpp"
#include "task_json.hpp"

namespace braid::serve {
namespace {

std::int64_t milliseconds(duration time) { return std::chrono::duration_cast<std::chrono::milliseconds>(time).count(); }

std::optional<duration> wait_before_next(const callback_limits& limits, unsigned attempts,
                                         const callback_answer& answer, double unit) {
  constexpr int gone = 410;
  if (answer.refused || answer.status == gone || attempts >= limits.attempts) return std::nullopt;
  http::retry_options options;
  options.retries = limits.attempts - 1;
  options.base = limits.base;
  options.longest_wait = limits.longest_wait;
  options.longest_retry_after = limits.longest_wait;
  http::failed_attempt failure;
  failure.retryable = true;
  if (answer.retry_after) failure.retry_after = std::min(*answer.retry_after, limits.longest_wait);
  return http::retry_policy(options).wait_after(attempts, failure, unit);
}

}  // namespace

scrape::task_callback after_attempt(const callback_limits& limits, scrape::task_callback what,
                                    const callback_answer& answer, std::int64_t ended, std::int64_t now, double unit) {
  ++what.attempts;
  what.status = answer.status;
  what.due = 0;
  if (answer.status >= 200 && answer.status < 300) {
    what.state = scrape::callback_state::delivered;
    what.error.clear();
    return what;
  }
  what.error = answer.error;
  const auto wait = wait_before_next(limits, what.attempts, answer, unit);
  if (wait) what.due = now + milliseconds(*wait);
  if (!wait || what.due > ended + milliseconds(limits.within)) {
    what.state = scrape::callback_state::given_up;
    what.due = 0;
  }
  return what;
}

std::string callback_signature(std::string_view secret, std::int64_t seconds, std::string_view body) {
  const auto time = std::to_string(seconds);
  const auto text = time + '.' + std::string(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(), mac.data(), &size) ==
      nullptr) {
    throw io_error("HMAC-SHA256 is not available");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "t=" + time + ",v1=";
  for (unsigned i = 0; i < size; ++i) {
    out += digits[mac[i] >> 4U];
    out += digits[mac[i] & 15U];
  }
  return out;
}

std::string callback_body(const scrape::task_row& row, const scrape::task_result& result, std::size_t most) {
  const auto task = task_json(row, false);
  if (result.record.size() > most) return R"({"task":)" + task + R"(,"record_left_out":true})";
  return R"({"task":)" + task + R"(,"record":)" + result.record + '}';
}

std::string callback_json(const scrape::task_callback& what) {
  std::string out = R"({"url":)" + json_text(what.url) + R"(,"state":")" + std::string(to_string(what.state)) +
                    R"(","attempts":)" + std::to_string(what.attempts);
  if (what.due > 0 && what.attempts > 0) out += R"(,"next_attempt_at":)" + time_json(what.due);
  if (what.status > 0) out += R"(,"last_status":)" + std::to_string(what.status);
  if (!what.error.empty()) out += R"(,"last_error":)" + json_text(what.error);
  return out + '}';
}

}  // namespace braid::serve
