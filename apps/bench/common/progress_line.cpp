#include "progress_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <braid/measure/format.hpp>
#include <cstdio>

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

bool draws_in_place(progress_style style) {
  return style == progress_style::bar || (style == progress_style::automatic && isatty(STDERR_FILENO) == 1);
}

std::string bar(std::uint64_t done, std::uint64_t total) {
  constexpr std::size_t width = 20;
  const auto full = total == 0 ? width : std::min<std::size_t>(width, done * width / total);
  return "[" + std::string(full, '#') + std::string(width - full, '.') + "]";
}

}  // namespace

std::string progress_text(const std::string& label, std::optional<std::uint64_t> total, progress_numbers numbers,
                          double elapsed_seconds) {
  const auto done = numbers.done;
  auto text = label;
  text.resize(std::max<std::size_t>(text.size(), 20), ' ');
  if (total) {
    text += " " + bar(done, *total);
  }
  text += " " + measure::format_count(done);
  if (total) {
    text += "/" + measure::format_count(*total);
  }
  if (elapsed_seconds > 0) {
    text += "  " + measure::format_number(static_cast<double>(done) / elapsed_seconds) + " requests/s";
  }
  if (numbers.wrong > 0) {
    text += "  " + measure::format_count(numbers.wrong) + " failed";
  }
  return text;
}

progress_line::progress_line(progress_style style, std::string label, std::optional<std::uint64_t> total,
                             std::function<progress_numbers()> numbers)
    : on_terminal_(draws_in_place(style)), label_(std::move(label)), total_(total), numbers_(std::move(numbers)) {
  if (style != progress_style::none) {
    thread_ = std::thread([this] { draw_until_stopped(); });
  }
}

progress_line::~progress_line() {
  if (!thread_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_one();
  thread_.join();
}

void progress_line::draw_until_stopped() {
  const auto pause = on_terminal_ ? 200ms : 5000ms;
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, pause, [this] { return stop_; })) {
    draw(numbers_(), std::chrono::duration<double>(clock::now() - begin_).count());
  }
  if (on_terminal_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void progress_line::draw(progress_numbers numbers, double elapsed) {
  const auto text = progress_text(label_, total_, numbers, elapsed);
  std::fprintf(stderr, on_terminal_ ? "\r\x1b[K%s" : "%s\n", text.c_str());
  std::fflush(stderr);
}

}  // namespace braid::bench
