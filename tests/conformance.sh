#!/usr/bin/env bash
# Runs the public test suites that braid is held against and prints a table of what came out, which goes into README.md
# too.   usage: bash tests/conformance.sh [--check]      --check: leaves README.md alone and fails if its table differs
#
# A suite is a test tagged [conformance] that calls report_conformance() (tests/include/conformance_line.hpp), or any
# program that prints such lines: conformance|suite|passed|total|notes
set -euo pipefail
cd "$(dirname "$0")/.."

# One line for what is run: a target, then its arguments.
programs=(
  "core_test [conformance]"
  "http_test [conformance]"
)

check=false
case ${1-} in
  '') ;;
  --check) check=true ;;
  *)
    sed -n '2,3s/^# //p' "$0" >&2
    exit 2
    ;;
esac

bash cmake/install-packages.sh build test
mkdir -p build
log=build/conformance.log
targets=()
for program in "${programs[@]}"; do targets+=("${program%% *}"); done
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

table() {
  echo '| suite | passed | of | |'
  echo '|---|---:|---:|---|'
  LC_ALL=C sort "$lines" | awk -F'|' '{ printf "| %s | %s | %s | %s |\n", $2, $3, $4, $5 }' | sed 's/|  |$/| |/'
}
table
if ((failed)); then exit 1; fi

table > "$log"
updated=build/README.conformance
awk -v table="$log" '
  /^<!-- \/conformance -->/ { inside = 0 }
  !inside
  /^<!-- conformance -->/ { inside = 1; while ((getline line < table) > 0) print line }' README.md > "$updated"
if cmp -s "$updated" README.md; then exit 0; fi
if $check; then
  echo "README.md says otherwise: run bash tests/conformance.sh" >&2
  exit 1
fi
cp "$updated" README.md
echo "README.md has the new table"
