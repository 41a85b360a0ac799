#include <braid/http/retry.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include <braid/core/error.hpp>
#include <braid/http/date.hpp>
#include <braid/http/method.hpp>
#include <braid/http/request.hpp>

#include "field_bytes.hpp"

namespace braid::http {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_understood = std::chrono::hours(24 * 365);

/// Whole seconds; more of them than a year has are a year.
std::optional<duration> seconds(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return longest_understood;
  return std::min<duration>(std::chrono::seconds(value), longest_understood);
}

/// The value of `;name=` in a structured field.
std::optional<std::string_view> parameter(std::string_view field, char name) {
  for (auto at = field.find(';'); at != std::string_view::npos; at = field.find(';', at + 1)) {
    const std::string_view part = trimmed(field.substr(at + 1, field.find_first_of(";,", at + 1) - at - 1));
    if (part.size() > 2 && part[0] == name && part[1] == '=') return part.substr(2);
  }
  return std::nullopt;
}

std::optional<duration> quota_reset(const headers& fields) {
  if (const auto both = fields.get("RateLimit"); both && parameter(*both, 'r') == "0") {
    if (const auto reset = parameter(*both, 't')) return seconds(*reset);
  }
  struct names {
    std::string_view remaining, reset;
  };
  constexpr std::array<names, 2> spellings{
      {{"RateLimit-Remaining", "RateLimit-Reset"}, {"X-RateLimit-Remaining", "X-RateLimit-Reset"}}};
  for (const names& one : spellings) {
    const auto remaining = fields.get(one.remaining);
    const auto reset = fields.get(one.reset);
    if (!remaining || !reset || trimmed(*remaining) != "0") continue;
    // Some send the time of day instead, in seconds since 1970: more than anybody would ask to wait.
    if (const auto wait = seconds(trimmed(*reset)); wait && *wait < longest_understood) return wait;
  }
  return std::nullopt;
}

}  // namespace

std::optional<duration> retry_policy::wait_after(unsigned attempt, const failed_attempt& failure, double unit) const {
  if (!failure.retryable || attempt > options_.retries) return std::nullopt;
  if (failure.retry_after && *failure.retry_after > options_.longest_retry_after) return std::nullopt;
  // Doubled step by step, so that a large attempt number cannot overflow.
  duration most = std::min(options_.base, options_.longest_wait);
  for (unsigned i = 1; i < attempt && most < options_.longest_wait; ++i)
    most = std::min(most * 2, options_.longest_wait);
  const auto jitter =
      duration(static_cast<duration::rep>(static_cast<double>(most.count()) * std::clamp(unit, 0.0, 1.0)));
  return failure.retry_after.value_or(duration::zero()) + jitter;
}

void retry_budget::count_request() noexcept { left_ = std::min(left_ + per_request_, std::max(most_, 1.0)); }

bool retry_budget::take() noexcept {
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

bool is_retryable(const std::exception_ptr& failure) noexcept {
  if (!failure) return false;
  try {
    std::rethrow_exception(failure);
  } catch (const error& e) {
    switch (e.code()) {
      case errc::timeout:
      case errc::resolve_failed:
      case errc::connect_failed:
      case errc::connection_lost:
      case errc::decode_failed:
        return true;
      case errc::proxy_failed: {
        const auto& from = static_cast<const proxy_error&>(e);
        return from.where() != proxy_error::stage::refused || from.status() >= 500;
      }
      default:
        return false;
    }
  } catch (...) {
    return false;
  }
}

bool is_retryable_status(int status) noexcept {
  switch (status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool may_be_repeated(const request& what) noexcept {
  return !what.has_stream() && (is_idempotent(what.method()) || what.fields().get("Idempotency-Key").has_value());
}

std::optional<duration> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now) {
  value = trimmed(value);
  if (const auto wait = seconds(value)) return wait;
  const auto date = parse_date(value, now);
  if (!date) return std::nullopt;
  return std::chrono::duration_cast<duration>(
      std::clamp<std::chrono::system_clock::duration>(*date - now, 0s, longest_understood));
}

std::optional<duration> asked_to_wait(const headers& fields, std::chrono::system_clock::time_point now) {
  if (const auto after = fields.get("Retry-After")) {
    if (const auto wait = parse_retry_after(*after, now)) return wait;
  }
  return quota_reset(fields);
}

}  // namespace braid::http
