#!/usr/bin/env bash
# option_audit.sh BRAID-GET FOLDER: fails where an option that `BRAID-GET --help` shows is named by no test in FOLDER.
#
# An option counts as named where a test writes its long name with -- before it, or its letter behind a dash, with other
# flags between them at most (-L, -sL, -m5). Titles of tests do not count.
set -u
program=$1 folder=$2

"$program" --help >/dev/null || { echo "option_audit: '$program --help' failed" >&2; exit 2; }
shopt -s nullglob
tests=("$folder"/*_test.cpp "$folder"/peers/*.vtc)
[ ${#tests[@]} -gt 0 ] || { echo "option_audit: no tests in $folder" >&2; exit 2; }
text=$(grep -hv '^TEST_CASE' "${tests[@]}") || exit 2
flags=$("$program" --help | sed -nE 's/^  -(.), --[a-z0-9.-]+  .*/\1/p' | tr -d '\n')

seen=0 missing=0
while read -r letter name; do
  seen=$((seen + 1))
  grep -qE -e "--(no-)?$name([^a-z0-9.-]|\$)" <<<"$text" && continue
  [ "$letter" != . ] && grep -qE -e "(^|[\" ])-[$flags]*$letter" <<<"$text" && continue
  missing=$((missing + 1))
  echo "no test names --$name" >&2
done < <("$program" --help | sed -nE 's/^  (-(.), |    )--([a-z0-9.-]+).*/\2 \3/p' | sed 's/^ /. /')

[ "$seen" -gt 100 ] || { echo "option_audit: --help shows only $seen options" >&2; exit 2; }
echo "$seen options, $missing without a test"
[ "$missing" = 0 ]
