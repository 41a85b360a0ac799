#include "numbers.hpp"

#include <charconv>
#include <cmath>

#include "get_error.hpp"

namespace braid::get {

namespace {

[[noreturn]] void refuse(const std::string& text, const char* what) {
  throw get_error(usage, "expected " + std::string(what) + ", not \"" + text + "\"");
}

}  // namespace

long whole_number(const std::string& text) {
  long number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) refuse(text, "a number");
  return number;
}

double real_number(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number) || number < 0) {
    refuse(text, "a number that is not negative");
  }
  return number;
}

std::uint64_t byte_count(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || number < 0) refuse(text, "a number of bytes");
  if (read.ptr + 1 == end) {
    const std::size_t power = std::string("bkmgtp").find(static_cast<char>(*read.ptr | 0x20));
    if (power == std::string::npos) refuse(text, "a number of bytes with b, k, M, G, T or P");
    number *= std::pow(1024.0, static_cast<double>(power));
  } else if (read.ptr != end) {
    refuse(text, "a number of bytes");
  }
  if (number > 9.2e18) refuse(text, "fewer bytes");
  return static_cast<std::uint64_t>(number);
}

std::optional<duration> seconds(const std::string& text) {
  const double number = real_number(text);
  if (number == 0 || number > 1e9) return std::nullopt;
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(number));
}

}  // namespace braid::get
