#include "progress_meter.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace braid::get {

namespace {

constexpr auto between_lines = std::chrono::milliseconds(250);
constexpr auto sample = std::chrono::seconds(1);  // over which the rate is measured

}  // namespace

std::size_t terminal_columns() {
  if (const char* const columns = std::getenv("COLUMNS")) {
    const long wanted = std::atol(columns);
    if (wanted >= 20 && wanted <= 10'000) return static_cast<std::size_t>(wanted);
  }
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col - 1U;
  return 79;
}

void progress_meter::begin(time_point now, std::uint64_t had) {
  if (style_ == style::none) return;
  const std::lock_guard lock(mutex_);
  if (running_++ == 0) {
    now_ = progress();
    began_ = drawn_ = sampled_ = now;
    headed_ = false;
    sampled_bytes_ = 0;
  }
  now_.had += had;
  if (had > 0 && style_ == style::meter) {
    std::fprintf(stderr, "** Resuming transfer from byte position %llu\n", static_cast<unsigned long long>(had));
  }
}

void progress_meter::expect_received(std::uint64_t bytes, time_point now) {
  if (style_ == style::none) return;
  const std::lock_guard lock(mutex_);
  now_.to_receive = now_.to_receive.value_or(0) + bytes;
  changed(now);
}

void progress_meter::expect_sent(std::uint64_t bytes, time_point now) {
  if (style_ == style::none) return;
  const std::lock_guard lock(mutex_);
  now_.to_send = now_.to_send.value_or(0) + bytes;
  changed(now);
}

void progress_meter::received(std::uint64_t bytes, time_point now) {
  if (style_ == style::none) return;
  const std::lock_guard lock(mutex_);
  now_.received += bytes;
  changed(now);
}

void progress_meter::sent(std::uint64_t bytes, time_point now) {
  if (style_ == style::none) return;
  const std::lock_guard lock(mutex_);
  now_.sent += bytes;
  changed(now);
}

void progress_meter::end(time_point now) {
  if (style_ == style::none) return;
  const std::lock_guard lock(mutex_);
  if (--running_ > 0) return;
  draw(now);
  std::fputc('\n', stderr);
}

void progress_meter::changed(time_point now) {
  if (now - drawn_ >= between_lines) draw(now);
}

void progress_meter::draw(time_point now) {
  now_.spent = now - began_;
  const std::uint64_t moved = now_.received + now_.sent;
  if (now - sampled_ >= sample || sampled_bytes_ == 0) {
    const double time = std::chrono::duration<double>(now - sampled_).count();
    if (time > 0) now_.rate = static_cast<std::uint64_t>(static_cast<double>(moved - sampled_bytes_) / time);
    sampled_ = now;
    sampled_bytes_ = moved;
  }
  drawn_ = now;
  if (style_ == style::meter && !std::exchange(headed_, true)) std::fputs(meter_head().c_str(), stderr);
  std::fputs((style_ == style::bar ? bar_line(now_, terminal_columns()) : meter_line(now_)).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace braid::get
