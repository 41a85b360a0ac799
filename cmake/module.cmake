# braid_module(NAME [SOURCES ...] [DEPENDS braid modules and libraries users see] [PRIVATE hidden libraries])
# A module is a folder lib/NAME with include/braid/NAME, src/ and the target braid::NAME. A module without sources is
# header-only. Libraries are found by naming them (dependencies.cmake).
function(braid_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  set(target braid_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_include_directories(${target} PRIVATE src)
    braid_link(${target} PRIVATE ${arg_PRIVATE})
    braid_warnings(${target})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(braid::${name} ALIAS ${target})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
                                                $<INSTALL_INTERFACE:include>)
  braid_link(${target} ${scope} ${arg_DEPENDS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY BRAID_MODULES ${name})
  set_property(GLOBAL PROPERTY BRAID_NEEDS_${name} ${arg_DEPENDS} ${arg_PRIVATE})
endfunction()

# braid_program(NAME SOURCES ... LINK ...): a program in build/<preset>/bin; the braid-* programs are installed.
function(braid_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  braid_link(${name} PRIVATE ${arg_LINK})
  braid_warnings(${name})
  if(name MATCHES "^braid-")
    install(TARGETS ${name} COMPONENT programs)
  endif()
endfunction()

# braid_test(NAME SOURCES ... LINK ... [QUIET]): one Catch2 program a module; its cases are found by ctest as NAME.<case>.
# QUIET: its cases measure time, so nothing else runs beside them.
function(braid_test name)
  cmake_parse_arguments(arg "QUIET" "" "SOURCES;LINK" ${ARGN})
  set(target ${name}_test)
  add_executable(${target} ${arg_SOURCES})
  braid_link(${target} PRIVATE ${arg_LINK} Catch2::Catch2WithMain)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/include)
  target_compile_definitions(${target} PRIVATE BRAID_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared"
                                               BRAID_TEST_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
                                               BRAID_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  braid_warnings(${target})
  # Tests are compiled far more often than their own code runs long; what they test keeps its optimization.
  target_compile_options(${target} PRIVATE -O0)
  set(serial)
  if(arg_QUIET)
    set(serial RUN_SERIAL ON)
  endif()
  catch_discover_tests(${target} TEST_PREFIX "${name}."
                       PROPERTIES TIMEOUT 120 SKIP_REGULAR_EXPRESSION "\\[skipped\\]|SKIPPED: |skipped: [.][.]/shared" ${serial})
endfunction()

# Links libraries after finding those that are not braid's own.
function(braid_link target scope)
  foreach(library IN LISTS ARGN)
    braid_find(${library})
  endforeach()
  target_link_libraries(${target} ${scope} ${ARGN})
endfunction()
