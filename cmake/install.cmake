# Install rules and the CMake package. find_package(braid COMPONENTS http) gives braid::http, what it stands on, and no more;
# each module is an export of its own, so that braid::runtime asks for neither TLS nor HTTP to be there.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/braid)

get_property(BRAID_MODULES GLOBAL PROPERTY BRAID_MODULES)
set(BRAID_NEEDS "")
foreach(module IN LISTS BRAID_MODULES)
  install(TARGETS braid_${module} EXPORT braid-${module} COMPONENT library)
  install(EXPORT braid-${module} NAMESPACE braid:: DESTINATION ${package_dir} COMPONENT library)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/lib/${module}/include")
    install(DIRECTORY lib/${module}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
  endif()
  get_property(needs GLOBAL PROPERTY BRAID_NEEDS_${module})
  string(APPEND BRAID_NEEDS "set(braid_needs_${module} ${needs})\n")
endforeach()

configure_package_config_file(cmake/braid-config.cmake.in braid-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(braid-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/braid-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/braid-config-version.cmake"
              cmake/dependencies.cmake DESTINATION ${package_dir} COMPONENT library)
