#!/usr/bin/env bash
# Installs what is missing, builds and runs the tests. `tests/run.sh --help` tells the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: bash tests/run.sh [--all] [--preset NAME]

  (nothing)       build the release preset and run its tests
  --all           also AddressSanitizer with UBSan, ThreadSanitizer and clang 19: what CI runs
  --preset NAME   only this preset (dev, release, asan, tsan, clang)

Examples:
  bash tests/run.sh
  bash tests/run.sh --preset asan
TEXT
}

presets=(release)
sections=(build test)
while (($#)); do
  case $1 in
    --all) presets=(release asan tsan clang) sections=(build test all) ;;
    --preset) presets=("${2:?--preset needs a name}") sections=(build test all); shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

bash cmake/install-packages.sh "${sections[@]}"

summary=()
for preset in "${presets[@]}"; do
  started=$SECONDS
  cmake --preset "$preset" > /dev/null
  cmake --build --preset "$preset"
  built=$SECONDS
  ctest --preset "$preset" -j 2
  summary+=("$preset: built in $((built - started)) s, tested in $((SECONDS - built)) s")
done
printf '%s\n' "${summary[@]}"
