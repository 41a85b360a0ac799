# Install rules and the CMake package: find_package(braid) gives braid::http and the rest.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
get_property(modules GLOBAL PROPERTY BRAID_MODULES)
foreach(module IN LISTS modules)
  install(TARGETS braid_${module} EXPORT braid-targets)
  install(DIRECTORY lib/${module}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endforeach()
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/braid)
install(EXPORT braid-targets NAMESPACE braid:: DESTINATION ${package_dir})
configure_package_config_file(cmake/braid-config.cmake.in braid-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(braid-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/braid-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/braid-config-version.cmake
              cmake/dependencies.cmake DESTINATION ${package_dir})
