#include "warning.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace braid::get {

namespace {

/// In lines of 79 columns, or $COLUMNS.
void say(const char* prefix, const std::string& text) {
  const char* const columns = std::getenv("COLUMNS");
  const long width = columns ? std::atol(columns) : 79;
  const std::size_t room = static_cast<std::size_t>(std::clamp(width, 30L, 10000L)) - std::strlen(prefix);
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t size = rest.size();
    if (size > room) {
      const std::size_t space = rest.rfind(' ', room - 1);
      size = space == rest.npos || space == 0 ? room : space + 1;
    }
    std::fprintf(stderr, "%s%.*s\n", prefix, static_cast<int>(size), rest.data());
    rest.remove_prefix(size);
  }
}

}  // namespace

void warn(const global_options& options, const std::string& text) {
  if (!options.silent) say("Warning: ", text);
}

void note(const global_options& options, const std::string& text) {
  if (!options.silent && (options.verbose || !options.trace_file.empty())) say("Note: ", text);
}

void turn_errors_to(const std::string& file) {
  if (file == "-") {
    dup2(STDOUT_FILENO, STDERR_FILENO);
    return;
  }
  const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (opened < 0) return;
  dup2(opened, STDERR_FILENO);
  close(opened);
}

void complain(const global_options& options, int code, const std::string& text) {
  if (options.silent && !options.show_error) return;
  std::fprintf(stderr, "braid-get: (%d) %s\n", code, text.c_str());
}

}  // namespace braid::get
