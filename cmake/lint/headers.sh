#!/usr/bin/env bash
# Every public header compiles alone, with what its own module can see and no more, and reaches no header of Beast or
# OpenSSL: users neither wait for them nor link them.
#
# usage: headers.sh COMPILER MODULE_FLAGS_FILE...    A file is one module's: its include folder, then compiler flags.
set -euo pipefail
compiler=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export compiler work
check() {
  local header=$1 flags=$2 reached
  local unit=$work/$BASHPID
  # Twice, so that a header without #pragma once shows itself.
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" > "$unit.cpp"
  if ! $compiler -std=c++20 -fsyntax-only -MD -MF "$unit.d" @"$flags" "$unit.cpp" > "$unit.log" 2>&1; then
    echo "$header does not compile alone:" && head -n 20 "$unit.log"
    return 1
  fi
  reached=$(tr ' ' '\n' < "$unit.d" | grep -m1 -E '/boost/beast/|/openssl/|/asio/ssl' || true)
  if [[ -n $reached ]]; then
    echo "$header reaches $reached"
    return 1
  fi
}
export -f check

count=0
for flags in "$@"; do
  module_include=$(head -n 1 "$flags")
  [[ -d $module_include ]] || continue
  tail -n +2 "$flags" > "$work/$(basename "$flags").rsp"
  while read -r header; do
    printf '%s\0%s\0' "$header" "$work/$(basename "$flags").rsp"
    count=$((count + 1))
  done < <(cd "$module_include" && find . -name '*.hpp' -printf '%P\n' | sort)
  echo "$count" > "$work/count"
done > "$work/list"
xargs -0 -r -n 2 -P "$(nproc)" bash -c 'check "$@"' _ < "$work/list"
echo "$(cat "$work/count" 2> /dev/null || echo 0) public headers compile alone, without Beast and OpenSSL"
