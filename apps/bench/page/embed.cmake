# The HTML report's page with its script and the chart library, as a source file: the report needs no network and the
# program no files beside it.
find_file(BRAID_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist NO_DEFAULT_PATH)
mark_as_advanced(BRAID_CHART_JS)
if(NOT BRAID_CHART_JS)
  message(FATAL_ERROR "chart.min.js is missing: Debian's libjs-chart.js. cmake/packages.txt lists what braid needs.")
endif()

set(page_folder ${CMAKE_CURRENT_LIST_DIR})
file(READ ${page_folder}/page.html page)
file(READ ${page_folder}/timeline.js timeline)
file(READ ${page_folder}/page.js script)
file(READ ${BRAID_CHART_JS} library)
set(page_source ${CMAKE_CURRENT_BINARY_DIR}/page_text.cpp)
file(CONFIGURE OUTPUT ${page_source} @ONLY CONTENT [=[
#include <bench/page_text.hpp>

namespace braid::bench {

const std::string_view page_html = R"braid_text(@page@)braid_text";
const std::string_view page_script = R"braid_text(@timeline@@script@)braid_text";
const std::string_view page_library = R"braid_text(@library@)braid_text";

}  // namespace braid::bench
]=])
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page_folder}/page.html ${page_folder}/page.js ${page_folder}/timeline.js
  ${BRAID_CHART_JS})
# The library is longer than the 65,536 characters that a compiler must take.
set_source_files_properties(${page_source} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
