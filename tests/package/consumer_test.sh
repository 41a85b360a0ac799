#!/usr/bin/env bash
# One check of braid as others use it: install, package, runtime-alone or subdirectory. CMakeLists.txt beside it sets
# BUILD (braid's build folder), GENERATOR, LAUNCHER and the compiler's own variables.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source_dir=$here/../..
prefix=$BUILD/consumer-prefix
out=$BUILD/consumer-$1

# build_consumer CMAKE_OPTIONS...: configures and builds tests/consumer from nothing.
build_consumer() {
  rm -rf "$out"
  if ! { cmake -S "$source_dir/tests/consumer" -B "$out" -G "$GENERATOR" -DCMAKE_CXX_COMPILER_LAUNCHER="$LAUNCHER" "$@" \
    && cmake --build "$out"; } > "$out.log" 2>&1; then
    cat "$out.log"
    exit 1
  fi
}

# links_to PROGRAM PATTERN
links_to() {
  ldd "$1" | grep -E "$2"
}

case $1 in
  install)
    rm -rf "$prefix"
    cmake --install "$BUILD" --prefix "$prefix" --component library > /dev/null
    ;;
  package)
    build_consumer -DCMAKE_PREFIX_PATH="$prefix"
    "$out/use_runtime"
    "$out/use_http"
    ;;
  runtime-alone)
    build_consumer -DCMAKE_PREFIX_PATH="$prefix" -Dmodules=runtime -DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON \
      -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON
    "$out/use_runtime"
    if links_to "$out/use_runtime" 'ssl|crypto|brotli|zstd|libz\.|nghttp|modest|lexbor'; then
      echo "braid::runtime brings libraries that it has no use for"
      exit 1
    fi
    ;;
  subdirectory)
    build_consumer -DBRAID_SOURCE_DIR="$source_dir" -Dmodules=runtime
    "$out/use_runtime"
    if cmake --build "$out" --target help | grep -E '(_test|braid-get|braid-serp)\b'; then
      echo "a subdirectory brings tests or programs"
      exit 1
    fi
    ;;
  *)
    echo "usage: consumer_test.sh install|package|runtime-alone|subdirectory" >&2
    exit 2
    ;;
esac
