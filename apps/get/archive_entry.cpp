#include "archive_entry.hpp"

#include <algorithm>
#include <utility>

namespace braid::get {

namespace {

constexpr std::size_t most_kept = 16u << 20;

void keep(std::string& in, std::string_view bytes) {
  in += bytes.substr(0, most_kept - std::min(most_kept, in.size()));
}

}  // namespace

void archive_entry::begin(std::string_view method, std::string url, std::string_view lines) {
  entry_ = http::har_entry();
  begun_ = true;
  entry_.started = std::chrono::system_clock::now();
  entry_.method = method;
  entry_.url = std::move(url);
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = line.find(':');
    const bool plain = colon != line.npos && http::is_token(line.substr(0, colon));
    if (!plain) continue;
    const std::string_view rest = line.substr(colon + 1);
    entry_.asked.add(line.substr(0, colon), rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size())));
  }
}

void archive_entry::sent(std::string_view bytes) {
  if (!begun_) return;
  entry_.has_sent = true;
  keep(entry_.sent, bytes);
}

void archive_entry::answered(const http::response_head& head) {
  entry_.status = head.status();
  entry_.version = head.version();
  entry_.reason = head.reason();
  entry_.answered = head.headers();
  entry_.timings = head.timings();
}

void archive_entry::received(std::string_view bytes) {
  if (begun_) keep(entry_.received, bytes);
}

void archive_entry::end(const http::har_recorder& into, std::string failure) {
  if (!std::exchange(begun_, false)) return;
  entry_.failure = std::move(failure);
  into.add(std::move(entry_));
}

}  // namespace braid::get
