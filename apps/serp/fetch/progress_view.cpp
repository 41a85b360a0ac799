#include "progress_view.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <braid/measure/format.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace braid::fetch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t bar_cells = 20;

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string eta(const run_counts& counts, const scrape::progress_meter& meter) {
  const auto left = meter.remaining(counts.total - std::min(counts.total, counts.finished()));
  return left ? measure::format_duration(std::chrono::ceil<std::chrono::seconds>(*left)) : "-";
}

std::string facts(const run_counts& counts, const scrape::progress_meter& meter) {
  return measure::format_count(counts.finished()) + '/' + measure::format_count(counts.total) + "  " +
         measure::format_number(meter.rate()) + "/s  in flight " + measure::format_count(counts.in_flight) +
         "  blocked " + measure::format_count(counts.blocked) + "  failed " + measure::format_count(counts.failed) +
         "  ETA " + eta(counts, meter);
}

}  // namespace

std::string bar_text(const run_counts& counts, const scrape::progress_meter& meter, std::size_t width) {
  const auto text = facts(counts, meter);
  if (text.size() + bar_cells + 3 > width) return text.substr(0, width);
  const auto full =
      counts.total == 0 ? 0 : std::min<std::uint64_t>(bar_cells, counts.finished() * bar_cells / counts.total);
  return '[' + std::string(full, '#') + std::string(bar_cells - full, '.') + "] " + text;
}

std::string plain_text(const run_counts& counts, const scrape::progress_meter& meter) {
  return "fetch: " + facts(counts, meter);
}

std::string json_text(const run_counts& counts, const scrape::progress_meter& meter) {
  nlohmann::ordered_json value;
  value["elapsed_s"] = std::chrono::duration<double>(meter.elapsed()).count();
  value["total"] = counts.total;
  value["done"] = counts.done;
  value["blocked"] = counts.blocked;
  value["failed"] = counts.failed;
  value["in_flight"] = counts.in_flight;
  value["waiting_for_parse"] = counts.waiting_for_parse;
  value["waiting_for_save"] = counts.waiting_for_save;
  value["rate"] = meter.rate();
  const auto left = meter.remaining(counts.total - std::min(counts.total, counts.finished()));
  value["eta_s"] = left ? nlohmann::ordered_json(std::chrono::duration<double>(*left).count()) : nullptr;
  return value.dump();
}

progress_view::progress_view(progress_style style) : style_(style) {
  if (style_ == progress_style::automatic) {
    style_ = isatty(STDERR_FILENO) != 0 ? progress_style::bar : progress_style::plain;
  }
}

duration progress_view::interval() const {
  switch (style_) {
    case progress_style::bar:
      return 100ms;
    case progress_style::json:
      return 1s;
    default:
      return 5s;
  }
}

void progress_view::update(const run_counts& counts, time_point now, time_point begin) {
  if (style_ == progress_style::none) return;
  if (!meter_) meter_.emplace(begin);
  meter_->update(counts.finished(), now);
  if (style_ == progress_style::bar) {
    // The last column stays free: some terminals wrap when it is written.
    const auto text = '\r' + bar_text(counts, *meter_, terminal_width() - 1) + "\x1b[K";
    std::fputs(text.c_str(), stderr);
    drawn_ = true;
  } else {
    const auto text =
        (style_ == progress_style::json ? json_text(counts, *meter_) : plain_text(counts, *meter_)) + '\n';
    std::fputs(text.c_str(), stderr);
  }
  std::fflush(stderr);
}

void progress_view::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace braid::fetch
