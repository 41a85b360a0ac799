# System libraries, each as an imported target. Nothing is downloaded: cmake/packages.txt names the Debian packages.
# The installed package finds the same set (cmake/braid-config.cmake.in includes this file).
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(Boost 1.81 CONFIG COMPONENTS url)
find_dependency(OpenSSL 3.0)
find_dependency(ZLIB)
find_dependency(nlohmann_json 3.11)
find_dependency(PkgConfig)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET GLOBAL libbrotlidec)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET GLOBAL libzstd)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET GLOBAL libidn2)
