#!/usr/bin/env bash
# option_audit.sh BRAID-SERP FOLDER: fails where an option that the help of a command of BRAID-SERP shows is named by no test
# in FOLDER, or where misusing it is no clear error.
#
# An option counts as named where a test writes its long name with -- before it. Misused is one that wants a value and
# gets none, or a flag that is given one: exit code 2, and the message names it.
set -u
program=$1 folder=$2

text=$(grep -rhv '^TEST_CASE' --include='*_test.cpp' --include='*.py' --include='*_test.sh' "$folder") || exit 2
seen=0 missing=0 unclear=0

# audit COMMAND...: all options of one command.
audit() {
  local help name rest said word wrong
  help=$("$program" "$@" --help) || { echo "option_audit: $* --help failed" >&2; exit 2; }
  while read -r name rest; do
    [ "$name" = --help ] && continue
    seen=$((seen + 1))
    grep -qE -e "$name([^a-z0-9-]|\$)" <<<"$text" || { missing=$((missing + 1)); echo "no test names $* $name" >&2; }
    [ "$rest" = value ] && wrong=("$name") || wrong=("$name=maybe" "$name=2" "$name=false")
    for word in "${wrong[@]}"; do
      said=$(timeout 20 "$program" "$@" "$word" 2>&1 </dev/null)
      if [ $? -ne 2 ] || ! grep -qF -e "$name" <<<"$said"; then
        unclear=$((unclear + 1))
        echo "misused, $* $word says: $(head -c 200 <<<"$said")" >&2
      fi
    done
  done < <(sed -nE 's/^  (-[a-zA-Z],)? ?(--[a-z0-9-]+)( ?)(.*)/\2 \4/p' <<<"$help" | awk '{
    # What takes a value shows its kind behind its name; the others a sentence.
    print $1, ($2 == "" || $2 ~ /^[A-Z][a-z]+:?$/ ? "none" : "value")
  }')
}

audit fetch
audit parse
audit engines
audit engines test
audit serve
audit worker
audit queue

[ "$seen" -gt 30 ] || { echo "option_audit: help shows only $seen options" >&2; exit 2; }
echo "$seen options, $missing without a test, $unclear whose misuse is unclear"
[ "$missing" = 0 ] && [ "$unclear" = 0 ]
