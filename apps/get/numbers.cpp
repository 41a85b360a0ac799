#include "numbers.hpp"

#include <charconv>
#include <cmath>

#include "get_error.hpp"

namespace braid::get {

namespace {

[[noreturn]] void refuse() { throw bad_value("expected a proper numerical parameter"); }

}  // namespace

bool take_number(std::string_view text, std::size_t& at, unsigned long& number) {
  const char* const begin = text.data() + at;
  const auto read = std::from_chars(begin, text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr == begin) return false;
  at += static_cast<std::size_t>(read.ptr - begin);
  return true;
}

long whole_number(const std::string& text) {
  long number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) refuse();
  return number;
}

double real_number(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) refuse();
  if (number < 0) throw bad_value("expected a positive numerical parameter");
  // Seconds become milliseconds, which have to fit 64 bits.
  if (number >= 9223372036854776.0) refuse();
  return number;
}

std::uint64_t byte_count(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || number < 0) refuse();
  if (read.ptr + 1 == end) {
    const std::size_t power = std::string("bkmgtp").find(static_cast<char>(*read.ptr | 0x20));
    if (power == std::string::npos) refuse();
    number *= std::pow(1024.0, static_cast<double>(power));
  } else if (read.ptr != end) {
    refuse();
  }
  if (number > 9.2e18) refuse();
  return static_cast<std::uint64_t>(number);
}

std::optional<duration> seconds(const std::string& text) {
  const double number = real_number(text);
  if (number == 0 || number > 1e9) return std::nullopt;
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(number));
}

}  // namespace braid::get
