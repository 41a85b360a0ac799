#!/bin/sh
# cost_test.sh PROGRAM CONFIG INSTRUCTIONS CALLS: user instructions and system calls of one turn of `PROGRAM TURNS`, as
# differences between a short and a long run, so that start and end do not count. Fails above the two limits.
set -eu
program=$1
config=$2
most_instructions=$3
most_calls=$4
short=1000
long=6000

skip() { echo "[skipped] $1"; exit 0; }
[ "$config" = Release ] || skip "counts of code that is not optimised say nothing ($config)"
command -v valgrind >/dev/null || skip "no valgrind"
command -v strace >/dev/null || skip "no strace"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

instructions() {
  valgrind --tool=callgrind --callgrind-out-file="$scratch/profile" "$program" "$1" >"$scratch/out" 2>"$scratch/log" ||
    { cat "$scratch/out" "$scratch/log"; exit 1; }
  awk '/ refs:/ { gsub(",", ""); print $NF }' "$scratch/log"
}
calls() {
  strace -c -o "$scratch/calls" "$program" "$1" >"$scratch/out" 2>"$scratch/log" || { cat "$scratch/out" "$scratch/log"; exit 1; }
  awk '$NF == "total" { print $4 }' "$scratch/calls"
}
strace -c -o "$scratch/calls" true 2>"$scratch/log" || skip "strace may not trace here"

a=$(instructions $short)
b=$(instructions $long)
c=$(calls $short)
d=$(calls $long)
awk -v a="$a" -v b="$b" -v c="$c" -v d="$d" -v n=$((long - short)) -v mi=$most_instructions -v mc=$most_calls 'BEGIN {
  i = (b - a) / n; s = (d - c) / n
  printf "one turn: %.0f instructions (at most %d), %.2f system calls (at most %.1f)\n", i, mi, s, mc
  exit !(i > 0 && i <= mi && s <= mc)
}'
