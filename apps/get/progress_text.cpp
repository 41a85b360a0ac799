#include "progress_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace braid::get {

namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t mean_rate(std::uint64_t bytes, duration spent) {
  const double time = seconds(spent);
  return time > 0 ? static_cast<std::uint64_t>(static_cast<double>(bytes) / time) : 0;
}

int percent(std::uint64_t part, std::optional<std::uint64_t> whole) {
  if (!whole || *whole == 0) return 0;
  return static_cast<int>(std::min(100.0, 100.0 * static_cast<double>(part) / static_cast<double>(*whole)));
}

/// Seconds that all of it takes at this pace.
std::optional<std::uint64_t> expected(std::uint64_t part, std::optional<std::uint64_t> whole, duration spent) {
  const std::uint64_t rate = mean_rate(part, spent);
  if (!whole || rate == 0) return std::nullopt;
  return std::max(*whole, part) / rate;
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  if (bytes < 100'000) return formatted("%5llu", static_cast<unsigned long long>(bytes));
  double number = static_cast<double>(bytes);
  for (const char unit : {'k', 'M', 'G', 'T', 'P'}) {
    number /= 1024;
    if (number < 99.95) return formatted("%4.1f%c", number, unit);
    if (number < 9999.5) return formatted("%4.0f%c", number, unit);
  }
  return formatted("%4.0fE", number / 1024);
}

std::string span_text(std::optional<std::uint64_t> length) {
  if (!length) return "-:--:--";
  const unsigned long long all = *length, minutes = all / 60, hours = minutes / 60, days = hours / 24;
  if (hours < 10) return formatted("%llu:%02llu:%02llu", hours, minutes % 60, all % 60);
  if (hours < 100) return formatted("%02lluh %02llum", hours, minutes % 60);
  return days < 1000 ? formatted("%3llud %llu", days, hours % 24).substr(0, 6) + "h" : std::string(" >999d ");
}

std::string meter_head() {
  return "  % Total    % Received % Xferd  Average Speed   Time    Time    Time  Current\n"
         "                                 Dload  Upload   Total   Spent   Left  Speed\n";
}

std::string meter_line(const progress& how) {
  const std::uint64_t in = how.to_receive.value_or(how.received), out = how.to_send.value_or(how.sent);
  const std::uint64_t moved = how.received + how.sent;
  const auto in_time = expected(how.received, how.to_receive, how.spent);
  const auto out_time = expected(how.sent, how.to_send, how.spent);
  const std::optional<std::uint64_t> total = std::max(in_time, out_time);
  const auto spent = static_cast<std::uint64_t>(std::max(0.0, seconds(how.spent)));
  std::optional<std::uint64_t> left;
  if (total) left = *total - std::min(*total, spent);
  return formatted("\r%3d %s  %3d %s  %3d %s  %s  %s %s %s %s %s", percent(moved, in + out),
                   size_text(in + out).c_str(), percent(how.received, how.to_receive), size_text(how.received).c_str(),
                   percent(how.sent, how.to_send), size_text(how.sent).c_str(),
                   size_text(mean_rate(how.received, how.spent)).c_str(),
                   size_text(mean_rate(how.sent, how.spent)).c_str(), span_text(total).c_str(),
                   span_text(spent).c_str(), span_text(left).c_str(), size_text(how.rate).c_str());
}

std::string bar_line(const progress& how, std::size_t columns) {
  columns = std::clamp<std::size_t>(columns, 20, 400);
  const std::uint64_t moved = how.received + how.sent + how.had;
  const bool known = how.to_receive || how.to_send;
  const std::uint64_t whole = std::max(how.to_receive.value_or(0) + how.to_send.value_or(0) + how.had, moved);
  const std::string rate = size_text(how.rate) + "/s";
  if (!known || whole == 0) return "\r" + size_text(moved) + "  " + rate;
  const double share = static_cast<double>(moved) / static_cast<double>(whole);
  std::string tail = formatted(" %5.1f%%", 100 * share);
  if (moved < whole && columns >= 50) {
    std::optional<std::uint64_t> left;
    if (how.rate > 0) left = (whole - moved) / how.rate;
    tail += " " + rate + " " + span_text(left);
  }
  const std::size_t room = columns - tail.size();
  std::string bar(static_cast<std::size_t>(static_cast<double>(room) * share), '#');
  bar.resize(room, ' ');
  return "\r" + bar + tail;
}

}  // namespace braid::get
