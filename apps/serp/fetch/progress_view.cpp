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

winsize terminal_size() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size.ws_col = 80;
  if (size.ws_row == 0) size.ws_row = 24;
  return size;
}

std::optional<duration> remaining(const run_counts& counts, const scrape::progress_meter& meter) {
  const auto left = meter.remaining(counts.total - std::min(counts.total, counts.finished()));
  return left && counts.slowest ? std::max(left, counts.slowest) : left;
}

std::string text_of(std::optional<duration> left) {
  return left ? measure::format_duration(std::chrono::ceil<std::chrono::seconds>(*left)) : "-";
}

std::string facts(const run_counts& counts, const scrape::progress_meter& meter) {
  return measure::format_count(counts.finished()) + '/' + measure::format_count(counts.total) + "  " +
         measure::format_number(meter.rate()) + "/s  in flight " + measure::format_count(counts.in_flight) +
         "  blocked " + measure::format_count(counts.blocked) + "  failed " + measure::format_count(counts.failed) +
         "  ETA " + text_of(remaining(counts, meter));
}

nlohmann::ordered_json json_of(const run_tally_shared::by_name& tallies) {
  auto all = nlohmann::ordered_json::object();
  for (const auto& [name, counts] : tallies) {
    auto& one = all[name];
    if (counts.total > 0) one["total"] = counts.total;
    one["done"] = counts.done;
    one["blocked"] = counts.blocked;
    one["failed"] = counts.failed;
    one["in_flight"] = counts.in_flight;
  }
  return all;
}

}  // namespace

std::string bar_text(const run_counts& counts, const scrape::progress_meter& meter, std::size_t width) {
  const auto text = facts(counts, meter);
  if (text.size() + bar_cells + 3 > width) return text.substr(0, width);
  const auto full =
      counts.total == 0 ? 0 : std::min<std::uint64_t>(bar_cells, counts.finished() * bar_cells / counts.total);
  return '[' + std::string(full, '#') + std::string(bar_cells - full, '.') + "] " + text;
}

std::string detail_text(const std::string& name, const tally_counts& counts, const scrape::progress_meter& meter) {
  constexpr std::size_t name_width = 12;
  auto text = name + std::string(name.size() < name_width ? name_width - name.size() : 0, ' ') + ' ' +
              measure::format_count(counts.finished());
  if (counts.total > 0) text += '/' + measure::format_count(counts.total);
  text += "  " + measure::format_number(meter.rate()) + "/s  in flight " + measure::format_count(counts.in_flight) +
          "  blocked " + measure::format_count(counts.blocked) + "  failed " + measure::format_count(counts.failed);
  if (counts.total > 0) {
    text += "  ETA " + text_of(meter.remaining(counts.total - std::min(counts.total, counts.finished())));
  }
  return text;
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
  const auto left = remaining(counts, meter);
  value["eta_s"] = left ? nlohmann::ordered_json(std::chrono::duration<double>(*left).count()) : nullptr;
  value["engines"] = json_of(counts.engines);
  if (!counts.proxies.empty()) value["proxies"] = json_of(counts.proxies);
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
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

void progress_view::follow(meters& all, const run_tally_shared::by_name& tallies, time_point now, time_point begin) {
  for (const auto& [name, counts] : tallies) all.try_emplace(name, begin).first->second.update(counts.finished(), now);
}

void progress_view::update(run_counts counts, time_point now, time_point begin) {
  if (style_ == progress_style::none) return;
  if (!meter_) meter_.emplace(begin);
  meter_->update(counts.finished(), now);
  follow(engines_, counts.engines, now, begin);
  follow(proxies_, counts.proxies, now, begin);
  duration slowest{};
  bool known = !counts.engines.empty();
  for (const auto& [name, own] : counts.engines) {
    const auto left = engines_.at(name).remaining(own.total - std::min(own.total, own.finished()));
    known = known && own.total > 0 && left;
    if (left) slowest = std::max(slowest, *left);
  }
  if (known) counts.slowest = slowest;
  if (style_ == progress_style::bar) {
    draw(counts);
  } else {
    const auto text =
        (style_ == progress_style::json ? json_text(counts, *meter_) : plain_text(counts, *meter_)) + '\n';
    std::fputs(text.c_str(), stderr);
  }
  std::fflush(stderr);
}

void progress_view::draw(const run_counts& counts) {
  const auto size = terminal_size();
  // The last column stays free: some terminals wrap when it is written.
  const std::size_t width = size.ws_col - 1U;
  std::vector<std::string> details;
  if (counts.engines.size() > 1) {
    for (const auto& [name, own] : counts.engines) details.push_back(detail_text(name, own, engines_.at(name)));
  }
  for (const auto& [name, own] : counts.proxies) details.push_back(detail_text(name, own, proxies_.at(name)));
  if (details.size() + 2 > size.ws_row) details.resize(size.ws_row > 2 ? size.ws_row - 2U : 0);
  clear();
  for (const auto& line : details) std::fputs((line.substr(0, width) + '\n').c_str(), stderr);
  std::fputs(bar_text(counts, *meter_, width).c_str(), stderr);
  lines_ = details.size();
  drawn_ = true;
}

void progress_view::clear() {
  if (!drawn_) return;
  const auto up = lines_ > 0 ? "\x1b[" + std::to_string(lines_) + "A" : std::string();
  std::fputs(('\r' + up + "\x1b[J").c_str(), stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace braid::fetch
