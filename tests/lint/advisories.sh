#!/usr/bin/env bash
# advisories.sh ROOT: checks that each test that tests/lint/advisories.tsv names exists. Prints what is missing and fails.
set -u
root=$1
titles=$(grep -rhoE 'TEST_CASE\("([^"\\]|\\.)*"|^ +"([^"\\]|\\.)*"' "$root/tests" --include='*_test.cpp') || exit 2
failed=0 tested=0 others=0
while IFS=$'\t' read -r advisory fault test; do
  case $advisory in '' | \#*) continue ;; esac
  case $test in
    '- '?*) others=$((others + 1)) ;;
    ?*) tested=$((tested + 1))
        grep -qF -e "\"$test\"" <<<"$titles" || { echo "$advisory ($fault): no test is called \"$test\"" >&2; failed=1; } ;;
    *) echo "$advisory ($fault): neither a test nor a reason" >&2; failed=1 ;;
  esac
done <"$root/tests/lint/advisories.tsv"
[ "$tested" -gt 100 ] || { echo "advisories.sh: only $tested advisories have a test" >&2; exit 2; }
echo "$tested advisories with a test, $others that cannot concern the client"
exit "$failed"
