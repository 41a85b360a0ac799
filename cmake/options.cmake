# What a builder may choose. Developers get tests and apps; a project that adds braid as a subdirectory gets the library.
option(BRAID_BUILD_APPS "Build braid-get, braid-serp, braid-bench and braid-origin" ${PROJECT_IS_TOP_LEVEL})
option(BRAID_BUILD_EXAMPLES "Build the examples, with the programs" ON)
option(BRAID_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(BRAID_WARNINGS "Warnings as errors on braid's own targets (presets switch it on)" OFF)
option(BRAID_SEPARATE_ASIO
       "Compile Asio once, in braid::runtime. OFF for programs that already compile or include Asio their own way" ON)
# To measure with, not to run on: Asio 1.81 loses reads of a connection that takes the place of a closed one.
option(BRAID_IO_URING "Wait by Asio's io_uring instead of epoll, with all that links braid. An experiment: README" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  find_program(BRAID_CCACHE ccache)
  if(BRAID_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${BRAID_CCACHE}")
  endif()
endif()
