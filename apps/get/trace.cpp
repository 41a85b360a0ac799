#include "trace.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string>

#include "get_error.hpp"

namespace braid::get {

namespace {

std::string_view next_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
  rest.remove_prefix(line.size());
  return line;
}

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }

}  // namespace

trace::trace(const global_options& options)
    : verbose_(options.verbose && options.trace_file.empty()), ascii_(options.trace_ascii), time_(options.trace_time) {
  const std::string& name = options.trace_file;
  if (name.empty()) return;
  owned_ = name != "-" && name != "%";
  file_ = name == "-" ? stdout : name == "%" ? stderr : std::fopen(name.c_str(), "wb");
  if (!file_) throw get_error(usage, "Failed to create/open output " + name);
}

trace::~trace() {
  if (owned_) std::fclose(file_);
}

void trace::show(kind what, std::string_view bytes) {
  if (!is_on()) return;
  const std::lock_guard lock(mutex_);
  if (file_) dump(what, bytes);
  if (verbose_) show_lines(what, bytes);
}

void trace::stamp(std::FILE* to) const {
  if (!time_) return;
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
  std::tm local{};
  localtime_r(&seconds, &local);
  std::fprintf(to, "%02d:%02d:%02d.%06d ", local.tm_hour, local.tm_min, local.tm_sec, static_cast<int>(micro));
}

/// Heads line by line, and how much data there was.
void trace::show_lines(kind what, std::string_view bytes) {
  if (what == kind::data_in || what == kind::data_out) {
    stamp(stderr);
    std::fprintf(stderr, "%c [%zu bytes data]\n", what == kind::data_in ? '{' : '}', bytes.size());
    return;
  }
  const char sign = what == kind::info ? '*' : what == kind::head_in ? '<' : '>';
  while (!bytes.empty()) {
    const std::string_view line = next_line(bytes);
    stamp(stderr);
    std::fprintf(stderr, "%c %.*s%s", sign, static_cast<int>(line.size()), line.data(),
                 line.ends_with('\n') ? "" : "\n");
  }
}

void trace::dump(kind what, std::string_view bytes) {
  stamp(file_);
  if (what == kind::info) {
    std::fprintf(file_, "== Info: %.*s\n", static_cast<int>(bytes.size()), bytes.data());
    return;
  }
  constexpr std::array<const char*, 5> titles{"", "<= Recv header", "=> Send header", "<= Recv data", "=> Send data"};
  std::fprintf(file_, "%s, %zu bytes (0x%zx)\n", titles[static_cast<std::size_t>(what)], bytes.size(), bytes.size());
  const std::size_t width = ascii_ ? 64 : 16;
  for (std::size_t at = 0; at < bytes.size();) {
    std::string_view row = bytes.substr(at, width);
    std::string text;
    if (!ascii_) {
      for (std::size_t i = 0; i < width; ++i) {
        std::array<char, 4> digits{"   "};
        if (i < row.size()) std::snprintf(digits.data(), digits.size(), "%02x ", static_cast<unsigned char>(row[i]));
        text += digits.data();
      }
    } else if (const std::size_t end = row.find("\r\n"); end != row.npos) {
      row = row.substr(0, end + 2);
    }
    for (const char c : row) {
      if (ascii_ && (c == '\r' || c == '\n') && row.ends_with("\r\n") && (&c >= &row[row.size() - 2])) continue;
      text += is_printable(c) ? c : '.';
    }
    std::fprintf(file_, "%04zx: %s\n", at, text.c_str());
    at += row.size();
  }
}

}  // namespace braid::get
