#!/usr/bin/env bash
# feature_table.sh ROOT BRAID-GET: checks tests/lint/features.tsv against the tests, the examples, --help, the public headers and the
# README's table of features. Prints what does not fit and fails.
set -u
root=$1 program=$2
table=$root/tests/lint/features.tsv
help=$("$program" --help) || { echo "feature_table: '$program --help' failed" >&2; exit 2; }
titles=$(grep -rhoE 'TEST_CASE\("([^"\\]|\\.)*"|^ +"([^"\\]|\\.)*"' "$root/tests" --include='*_test.cpp') || exit 2
headers=$(cat "$root"/lib/{http,net,testing}/include/braid/*/*.hpp) || exit 2
failed=0 lines=0
bad() { echo "features.tsv: $1" >&2; failed=1; }

while IFS=$'\t' read -r feature test shown; do
  case $feature in '' | \#*) continue ;; esac
  lines=$((lines + 1))
  grep -qF -e "\"$test\"" <<<"$titles" || bad "$feature: no test is called \"$test\""
  case $shown in
    *.cpp) [ -f "$root/apps/examples/$shown" ] || bad "$feature: no example $shown" ;;
    --*) grep -qE -e "$shown( |\$)" <<<"$help" || bad "$feature: --help shows no $shown" ;;
    ?*) grep -qw -e "$shown" <<<"$headers" || bad "$feature: no public header has $shown" ;;
    *) bad "$feature: shown nowhere" ;;
  esac
done <"$table"

rows=0
while IFS='|' read -r _ feature braid _; do
  [ "${braid// /}" = ● ] || continue
  rows=$((rows + 1))
  feature=$(sed 's/^ *//; s/ *$//' <<<"$feature")
  cut -f1 "$table" | grep -qxF -e "$feature" || bad "the README's \"$feature\" has no line"
done < <(sed -n '/^## The HTTP client beside others/,/^## The programs/p' "$root/README.md")

[ "$rows" -gt 10 ] || { echo "feature_table: only $rows features in the README" >&2; exit 2; }
echo "$lines features, $rows of them in the README"
exit "$failed"
