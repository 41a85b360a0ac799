#include <algorithm>
#include <array>
#include <braid/core/error.hpp>
#include <braid/scrape/retry_policy.hpp>
#include <charconv>
#include <cstdint>

namespace braid::scrape {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_understood = std::chrono::hours(24 * 365);

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that servers send.
std::optional<std::chrono::system_clock::time_point> parse_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
  const auto day = number(text.substr(5, 2));
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (!day || month == months.end() || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
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

std::optional<duration> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now) {
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    // More digits than a year has seconds: a long time, which is all that matters.
    if (value.size() > 8) return longest_understood;
    return std::chrono::seconds(*number(value));
  }
  const auto date = parse_date(value);
  if (!date) return std::nullopt;
  return std::chrono::duration_cast<duration>(
      std::clamp<std::chrono::system_clock::duration>(*date - now, 0s, longest_understood));
}

}  // namespace braid::scrape
