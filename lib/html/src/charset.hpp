#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace braid::html {

/// A page's characters as valid UTF-8: the page itself where it is that already, else a copy.
struct decoded {
  std::string copy;
  std::string_view text;
  std::string_view charset;
};

decoded decode_page(std::string_view bytes, std::string_view declared);

}  // namespace braid::html
