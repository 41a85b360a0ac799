#!/usr/bin/env bash
# Installs what is missing, builds and runs the tests. `bash tests/run.sh --help` tells the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: bash tests/run.sh [--all] [--preset NAME]... [-R REGEX] [-j N]

  (nothing)       the release preset and its tests
  --all           what CI runs: the lints, and the tests under AddressSanitizer with UBSan, ThreadSanitizer and clang 19
  --preset NAME   only this preset (dev, release, asan, tsan, clang); may be repeated
  -R REGEX        only the tests whose names match, as ctest's -R
  -j N            jobs at once (default: the number of processors)

With CI=true in the environment a skipped test counts as a failed one.

Examples:
  bash tests/run.sh
  bash tests/run.sh --preset asan -R '^http'
TEXT
}

presets=()
sections=(build test)
lints=()
ctest_options=()
jobs=$(nproc)
needs_value() { if [[ -z ${2-} ]]; then echo "$1 needs a value" >&2; exit 2; fi; }
while (($#)); do
  case $1 in
    --all) presets=(release asan tsan clang) sections=(build test all) lints=(-C all) ;;
    --preset) needs_value "$@"; presets+=("$2") sections=(build test all); shift ;;
    -R) needs_value "$@"; ctest_options+=(-R "$2"); shift ;;
    -j) needs_value "$@"; jobs=$2; shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
((${#presets[@]})) || presets=(release)

started=$SECONDS
bash cmake/install-packages.sh "${sections[@]}"
times=("packages: $((SECONDS - started)) s")

# Runs the tests of one preset. Lints run once, with release.
failures=()
test_preset() {
  local preset=$1 begun=$SECONDS built options=("${ctest_options[@]}") log
  echo "== $preset"
  if ! cmake --preset "$preset" > "build/$preset.log" 2>&1; then
    cat "build/$preset.log"
    failures+=("$preset: could not be configured")
    return
  fi
  if ! cmake --build --preset "$preset" -j "$jobs"; then
    failures+=("$preset: did not build")
    return
  fi
  built=$SECONDS
  [[ $preset == release ]] && options+=("${lints[@]}")
  log=build/$preset.tests.log
  ctest --preset "$preset" -j "$jobs" --no-tests=error "${options[@]}" | tee "$log" || report_failed "$preset" "$log"
  times+=("$preset: built in $((built - begun)) s, tested in $((SECONDS - built)) s")
  report_skipped "$preset" "$log"
}

# Names what failed once more at the very end, after the other presets, with the last lines of what each test printed.
report_failed() {
  local names
  names=$(sed -n '/^The following tests FAILED:/,/^Errors while/p' "$2" | grep -E '^[[:space:]]+[0-9]+ - ' || true)
  failures+=("$1: tests failed" "${names:-  (see $2)}")
  local test
  while read -r test; do
    [[ -n $test ]] || continue
    failures+=("$(grep -F -A 400 "Test: $test" "build/$1/Testing/Temporary/LastTest.log" | sed '1d;/^end of test/,$d' | tail -n 25)")
  done < <(sed -E 's/^[[:space:]]+[0-9]+ - (.*) \([A-Za-z ]+\)[[:space:]]*$/\1/' <<< "$names")
}

# ctest passes over skipped tests in silence. Here they are named, and in CI, where all can run, they fail.
report_skipped() {
  local skipped
  skipped=$(sed -n '/^The following tests did not run:/,/^$/p' "$2" | grep -E '\((Skipped|Not Run|Disabled)\)' || true)
  [[ -z $skipped ]] && return
  echo "Skipped in $1:"
  echo "$skipped"
  grep -hE '^ *(\[skipped\]|SKIPPED: |skipped: )' "build/$1/Testing/Temporary/LastTest.log" | sort | uniq -c || true
  if [[ ${CI-} == true ]]; then failures+=("$1: tests were skipped"); fi
}

mkdir -p build
for preset in "${presets[@]}"; do test_preset "$preset"; done

echo
echo "Where the time went"
printf '  %s\n' "${times[@]}" "in all: $((SECONDS - started)) s"
if ((${#failures[@]})); then
  echo "FAILED"
  printf '%s\n' "${failures[@]}"
  exit 1
fi
