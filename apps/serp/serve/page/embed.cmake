# openapi.json as a source file: the server needs no files beside it.
set(page_folder ${CMAKE_CURRENT_LIST_DIR})
file(READ ${page_folder}/openapi.json openapi)
set(page_source ${CMAKE_CURRENT_BINARY_DIR}/page_text.cpp)
file(CONFIGURE OUTPUT ${page_source} @ONLY CONTENT [=[
#include <serp/serve/page_text.hpp>

namespace braid::serve {

const std::string_view openapi_json = R"braid_text(@openapi@)braid_text";

}  // namespace braid::serve
]=])
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page_folder}/openapi.json)
