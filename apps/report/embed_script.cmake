# braid_embed_script(NAMESPACE OUT FILE...): the files one after another as a source file that defines `const std::string_view page_script` in a namespace,
# and sets OUT to its name. The header that declares it is the caller's.
function(braid_embed_script namespace out)
  set(script)
  foreach(file IN LISTS ARGN)
    file(READ ${file} text)
    string(APPEND script "${text}")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/page_script.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
#include <string_view>

namespace @namespace@ {

extern const std::string_view page_script;
const std::string_view page_script = R"braid_text(@script@)braid_text";

}  // namespace @namespace@
]=])
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
  set(${out} ${source} PARENT_SCOPE)
endfunction()
