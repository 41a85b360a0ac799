#pragma once

#include <string_view>

namespace braid::report {

// The page of all reports, built in.

extern const std::string_view page_html;     ///< with %DATA%, %LIBRARY%, %COMMON% and %SCRIPT% to be filled in
extern const std::string_view page_common;   ///< what the scripts draw with
extern const std::string_view page_library;  ///< Chart.js

}  // namespace braid::report
