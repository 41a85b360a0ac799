#!/usr/bin/env bash
# Runs the public test suites that braid is held against and prints a table of what came out, which goes into README.md
# too.   usage: bash tests/conformance.sh [--check] [--cache-tests FOLDER] [--curl FOLDER]
#   --check                leaves README.md alone and fails if its table says otherwise
#   --cache-tests FOLDER   a checkout of github.com/http-tests/cache-tests, for the HTTP cache; needs node
#   --curl FOLDER          a checkout of github.com/curl/curl, whose cases braid-get is run through
# Without a folder its line stays out of the table, and --check does not look for it.
#
# A suite is a test tagged [conformance] that calls report_conformance() (tests/include/conformance_line.hpp), or any
# program that prints such lines: conformance|suite|passed|total|notes
set -euo pipefail
cd "$(dirname "$0")/.."

# One line for what is run: a target, then its arguments.
programs=(
  "core_test [conformance]"
  "http_test [conformance]"
  "scrape_test [conformance]"
)

check=false
cache_tests=
curl=
while (($#)); do
  case $1 in
    --check) check=true ;;
    --cache-tests) cache_tests=${2:?--cache-tests needs a folder}; shift ;;
    --curl) curl=${2:?--curl needs a folder}; shift ;;
    *)
      sed -n '2,7s/^# //p' "$0" >&2
      exit 2
      ;;
  esac
  shift
done

bash cmake/install-packages.sh build test
mkdir -p build
log=build/conformance.log
targets=()
for program in "${programs[@]}"; do targets+=("${program%% *}"); done
if [[ -n $cache_tests ]]; then targets+=(cache_bridge); fi
if [[ -n $curl ]]; then targets+=(braid-get); fi
{ cmake --preset release && cmake --build --preset release -j "$(nproc)" --target "${targets[@]}"; } > "$log" 2>&1 || { tail -n 40 "$log"; exit 1; }

failed=0
lines=build/conformance.txt
: > "$lines"
for program in "${programs[@]}"; do
  read -r target arguments <<< "$program"
  if ! "build/release/bin/$target" "$arguments" > "$log"; then
    echo "$target: failed" >&2
    grep -v '^conformance|' "$log" >&2
    failed=1
  fi
  if grep -E 'SKIPPED: |\[skipped\]' "$log" >&2; then failed=1; fi
  grep '^conformance|' "$log" >> "$lines" || failed=1
done
if [[ -n $cache_tests ]]; then
  if ! node tests/conformance/cache_tests.mjs build/release/bin/cache_bridge "$cache_tests" > "$log"; then failed=1; fi
  grep -v '^conformance|' "$log" >&2 || true
  grep '^conformance|' "$log" >> "$lines" || failed=1
fi
if [[ -n $curl ]]; then
  python3 tests/get/curl_cases.py "$curl/tests/data" > "$log" || failed=1
  cat "$log" >&2
  sed -n "s/^passed \([0-9]*\) of \([0-9]*\) .*/conformance|curl's own cases (braid-get; HTTP)|\1|\2|of the cases that need only options and servers which the runner knows/p" "$log" >> "$lines"
fi

table() {
  echo '| suite | passed | of | |'
  echo '|---|---:|---:|---|'
  LC_ALL=C sort "$lines" | awk -F'|' '{ printf "| %s | %s | %s | %s |\n", $2, $3, $4, $5 }' | sed 's/|  |$/| |/'
}
table
if ((failed)); then exit 1; fi

table > "$log"
if $check; then
  if ! missing=$(grep -vxFf README.md "$log"); then exit 0; fi
  printf 'README.md says otherwise: run bash tests/conformance.sh\n%s\n' "$missing" >&2
  exit 1
fi
updated=build/README.conformance
awk -v table="$log" '
  /^<!-- \/conformance -->/ { inside = 0 }
  !inside
  /^<!-- conformance -->/ { inside = 1; while ((getline line < table) > 0) print line }' README.md > "$updated"
if cmp -s "$updated" README.md; then exit 0; fi
cp "$updated" README.md
echo "README.md has the new table"
