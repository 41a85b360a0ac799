# What lies in this folder as a source file: the server needs no files beside it.
set(page_folder ${CMAKE_CURRENT_LIST_DIR})
set(page_source ${CMAKE_CURRENT_BINARY_DIR}/page_text.cpp)
set(page_types "html:text/html; charset=utf-8" "css:text/css; charset=utf-8" "js:text/javascript; charset=utf-8")
set(page_entries "")
foreach(file index.html style.css main.js view.js api.js)
  file(READ ${page_folder}/${file} text)
  string(REGEX MATCH "[^.]+$" suffix ${file})
  set(type ${page_types})
  list(FILTER type INCLUDE REGEX "^${suffix}:")
  string(REGEX REPLACE "^[a-z]+:" "" type "${type}")
  string(APPEND page_entries "    {\"${file}\", \"${type}\", R\"braid_text(${text})braid_text\"},\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page_folder}/${file})
endforeach()
file(READ ${page_folder}/openapi.json openapi)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page_folder}/openapi.json)
file(CONFIGURE OUTPUT ${page_source} @ONLY CONTENT [=[
#include <array>
#include <serp/serve/page_text.hpp>

namespace braid::serve {
namespace {

constexpr auto files = std::to_array<page_file>({
@page_entries@});

}  // namespace

const std::string_view openapi_json = R"braid_text(@openapi@)braid_text";

std::span<const page_file> page_files() { return files; }

}  // namespace braid::serve
]=])
