#include "detect.hpp"

#include <algorithm>
#include <memory>

#include <uchardet.h>

#include "parser.hpp"

namespace braid::html {
namespace {

/// Of a page without any declaration this much decides. Markup and scripts are ASCII, which tells nothing but costs
/// time.
constexpr std::size_t looked_at = 256u << 10;
/// Below this a guess is worse than the default.
constexpr std::ptrdiff_t least_beyond_ascii = 6;

struct detector_closer {
  void operator()(uchardet_t used) const { uchardet_delete(used); }
};

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

std::optional<std::string_view> detected_encoding(std::string_view bytes) {
  // The first character beyond ASCII may stand behind a long script.
  const auto first = std::find_if(bytes.begin(), bytes.end(), is_beyond_ascii);
  bytes.remove_prefix(static_cast<std::size_t>(first - bytes.begin()));
  bytes = bytes.substr(0, looked_at);
  if (std::count_if(bytes.begin(), bytes.end(), is_beyond_ascii) < least_beyond_ascii) return std::nullopt;
  const std::unique_ptr<std::remove_pointer_t<uchardet_t>, detector_closer> used(uchardet_new());
  if (!used || uchardet_handle_data(used.get(), bytes.data(), bytes.size()) != 0) return std::nullopt;
  uchardet_data_end(used.get());
  const std::string_view name = uchardet_get_charset(used.get());
  // Unified Hangul Code is what the web calls EUC-KR.
  return encoding_by_label(name == "UHC" ? "euc-kr" : name);
}

}  // namespace braid::html
