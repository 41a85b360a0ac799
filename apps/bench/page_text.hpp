#pragma once

#include <string_view>

namespace braid::bench {

// The HTML report, as page/embed.cmake builds it in.

extern const std::string_view page_html;     ///< with %DATA%, %LIBRARY% and %SCRIPT% to be filled in
extern const std::string_view page_script;   ///< draws the data
extern const std::string_view page_library;  ///< Chart.js

}  // namespace braid::bench
