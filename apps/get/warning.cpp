#include "warning.hpp"

#include <cstdio>

namespace braid::get {

void warn(const global_options& options, const std::string& text) {
  if (options.silent && !options.show_error) return;
  constexpr std::size_t room = 70;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t size = rest.size();
    if (size > room) {
      const std::size_t space = rest.rfind(' ', room);
      size = space == rest.npos || space == 0 ? room : space + 1;
    }
    std::fprintf(stderr, "Warning: %.*s\n", static_cast<int>(size), rest.data());
    rest.remove_prefix(size);
  }
}

void complain(const global_options& options, int code, const std::string& text) {
  if (options.silent && !options.show_error) return;
  std::fprintf(stderr, "braid-get: (%d) %s\n", code, text.c_str());
}

}  // namespace braid::get
