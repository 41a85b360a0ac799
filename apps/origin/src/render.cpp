#include <utility>

#include "markup.hpp"

namespace braid::origin {

namespace {

/// The filler of the size asked for last: a run uses one size, and building 300 KB costs more than the page.
std::string_view shared_filler(std::size_t bytes) {
  if (bytes == 0) return {};
  thread_local std::pair<std::size_t, std::string> last{0, {}};
  if (last.first != bytes) last = {bytes, filler(bytes)};
  return last.second;
}

}  // namespace

std::string render(engine which, const search_page& page, const page_options& options) {
  const std::size_t missing = options.page_bytes > typical_page_bytes ? options.page_bytes - typical_page_bytes : 0;
  const std::string_view fill = shared_filler(missing);
  switch (which) {
    case engine::google:
      return render_google(page, fill);
    case engine::bing:
      return render_bing(page, fill);
    case engine::duckduckgo:
      return render_duckduckgo(page, fill);
    case engine::brave:
      return render_brave(page, fill);
    case engine::ecosia:
      return render_ecosia(page, fill);
    case engine::yahoo:
      return render_yahoo(page, fill);
  }
  return {};
}

}  // namespace braid::origin
