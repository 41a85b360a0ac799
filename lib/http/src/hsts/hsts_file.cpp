#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <braid/core/error.hpp>
#include <braid/http/hsts.hpp>

#include "hsts/host_key.hpp"
#include "replace_file.hpp"
#include "take_line.hpp"

// The file of curl's --hsts: a line for each host, with a dot before it where those below count as well, and when it
// ends, in UTC: .example.org "20300131 12:30:00"

namespace braid::http {

namespace {

using namespace std::chrono;

constexpr std::string_view heading =
    "# Your HSTS cache. https://curl.se/docs/hsts.html\n"
    "# .host for those below it too, then the end in UTC\n";
constexpr std::string_view for_ever = "unlimited";

/// "20300131 12:30:00"
std::optional<wall_time> date_of(std::string_view text) {
  std::array<int, 6> parts{};
  constexpr std::array<std::size_t, 6> sizes{4, 2, 2, 2, 2, 2};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (text.size() < sizes[i]) return std::nullopt;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + sizes[i], parts[i]);
    if (failure != std::errc() || end != text.data() + sizes[i] || parts[i] < 0) return std::nullopt;
    text.remove_prefix(sizes[i]);
    if (i < 2 || i + 1 == parts.size()) continue;
    if (!text.starts_with(i == 2 ? ' ' : ':')) return std::nullopt;
    text.remove_prefix(1);
  }
  const auto month_number = static_cast<unsigned>(parts[1]), day_number = static_cast<unsigned>(parts[2]);
  const year_month_day day{year{parts[0]}, month{month_number}, std::chrono::day{day_number}};
  const bool right = text.empty() && day.ok() && parts[0] >= 1970 && parts[0] < 2200 && parts[3] < 24 &&
                     parts[4] < 60 && parts[5] <= 60;
  if (!right) return std::nullopt;
  return wall_time(sys_days(day) + hours(parts[3]) + minutes(parts[4]) + seconds(parts[5]));
}

std::string text_of(wall_time when) {
  const auto whole = ceil<seconds>(when);
  const auto midnight = floor<days>(whole);
  const year_month_day day(midnight);
  const hh_mm_ss time(whole - midnight);
  std::array<char, 64> out;
  std::snprintf(out.data(), out.size(), "%04d%02u%02u %02d:%02d:%02d", int(day.year()), unsigned(day.month()),
                unsigned(day.day()), int(time.hours().count()), int(time.minutes().count()),
                int(time.seconds().count()));
  return out.data();
}

}  // namespace

std::size_t hsts_store::import_curl(std::string_view text, wall_time now) {
  std::size_t taken = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t gap = std::min(line.find(' '), line.size());
    std::string_view host = line.substr(0, gap), date = line.substr(gap);
    while (date.starts_with(' ')) date.remove_prefix(1);
    if (date.size() < 2 || !date.starts_with('"') || !date.ends_with('"')) continue;
    date = date.substr(1, date.size() - 2);
    entry one;
    one.subdomains = host.starts_with('.');
    if (one.subdomains) host.remove_prefix(1);
    const std::optional<wall_time> until = date == for_ever ? now + limits_.max_age : date_of(date);
    const std::string key = host_key(host);
    if (!until || *until <= now || key.empty()) continue;
    one.expires = *until;
    const std::lock_guard lock(mutex_);
    const auto known = hosts_.find(key);
    if (known != hosts_.end() && known->second.expires >= one.expires) continue;
    keep(key, one);
    ++taken;
  }
  return taken;
}

std::string hsts_store::export_curl(wall_time now) const {
  std::string out(heading);
  const std::lock_guard lock(mutex_);
  for (const auto& [host, one] : hosts_) {
    if (one.expires <= now) continue;
    if (one.subdomains) out += '.';
    out += host + " \"" + text_of(one.expires) + "\"\n";
  }
  return out;
}

void hsts_store::load(const std::filesystem::path& file, wall_time now) {
  std::error_code failure;
  if (!std::filesystem::exists(file, failure)) return;
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad()) throw io_error("load the HSTS file " + file.string() + ": it cannot be read");
  import_curl(text, now);
}

void hsts_store::save(const std::filesystem::path& file, wall_time now) const {
  replace_file(file, export_curl(now), "save the HSTS file");
}

}  // namespace braid::http
