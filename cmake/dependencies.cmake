# The libraries braid stands on, by the imported target that stands for each. Nothing is downloaded: packages.txt names
# the Debian packages.
#
# One table for two readers: the build, where a library is looked for when the first module, program or test names it,
# and the installed package, which looks for what the modules asked of it need and no more.

# braid_find(TARGET): makes the imported target TARGET available everywhere, or fails saying what is missing.
macro(braid_find target)
  if(TARGET ${target})
  elseif("${target}" STREQUAL "Threads::Threads")
    braid_find_package(Threads)
  elseif("${target}" MATCHES "^Boost::")
    braid_find_package(Boost 1.81 CONFIG COMPONENTS url)
  elseif("${target}" MATCHES "^OpenSSL::")
    braid_find_package(OpenSSL 3.0)
  elseif("${target}" STREQUAL "ZLIB::ZLIB")
    braid_find_package(ZLIB)
  elseif("${target}" STREQUAL "nlohmann_json::nlohmann_json")
    braid_find_package(nlohmann_json 3.11)
  elseif("${target}" STREQUAL "CLI11::CLI11")
    braid_find_package(CLI11 2.1)
  elseif("${target}" MATCHES "^Catch2::")
    braid_find_package(Catch2 2.13 CONFIG)
  elseif("${target}" STREQUAL "PkgConfig::BROTLI")
    braid_find_module(BROTLI libbrotlidec)
  elseif("${target}" STREQUAL "PkgConfig::ZSTD")
    braid_find_module(ZSTD libzstd)
  elseif("${target}" STREQUAL "PkgConfig::IDN2")
    braid_find_module(IDN2 libidn2)
  elseif("${target}" STREQUAL "PkgConfig::PSL")
    braid_find_module(PSL libpsl)
  elseif("${target}" STREQUAL "PkgConfig::SQLITE3")
    braid_find_module(SQLITE3 sqlite3)
  elseif("${target}" STREQUAL "PkgConfig::LEXBOR")
    braid_find_module(LEXBOR lexbor)
  elseif("${target}" STREQUAL "Modest::Modest")
    braid_find_library(Modest::Modest modest modest/finder/finder.h)
  endif()
endmacro()

# With a CMake package or a find module.
macro(braid_find_package)
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "braid")
    find_dependency(${ARGN})
  else()
    find_package(${ARGN} REQUIRED)
  endif()
  unset(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL)
endmacro()

# With a pkg-config file.
macro(braid_find_module prefix module)
  braid_find_package(PkgConfig)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${prefix}_FOUND)
    braid_missing("pkg-config finds no ${module}")
  endif()
endmacro()

# With neither: a header and a library.
macro(braid_find_library target library header)
  find_library(BRAID_${library}_LIBRARY ${library})
  find_path(BRAID_${library}_INCLUDE_DIR ${header})
  mark_as_advanced(BRAID_${library}_LIBRARY BRAID_${library}_INCLUDE_DIR)
  if(NOT BRAID_${library}_LIBRARY OR NOT BRAID_${library}_INCLUDE_DIR)
    braid_missing("the library ${library} or its header ${header} is missing")
  else()
    add_library(${target} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${BRAID_${library}_LIBRARY}"
                                               INTERFACE_INCLUDE_DIRECTORIES "${BRAID_${library}_INCLUDE_DIR}")
  endif()
endmacro()

# In the build an error; in the package the reason why braid was not found, which find_package() reports.
macro(braid_missing reason)
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "braid")
    set(braid_FOUND FALSE)
    set(braid_NOT_FOUND_MESSAGE "${reason}")
    return()
  else()
    message(FATAL_ERROR "${reason}. cmake/packages.txt lists what braid needs.")
  endif()
endmacro()
