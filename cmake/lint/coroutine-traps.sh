#!/usr/bin/env bash
# Finds what g++ 12 compiles wrongly inside a full expression with co_await: brace-built aggregates, capturing lambdas,
# braced lists, ?: of class values. They crash or run the wrong destructors without a warning, so they are looked for in
# the syntax tree: gcc12-coroutine-traps.query, by clang-query.
#
# usage: coroutine-traps.sh BUILD_DIR [FILE...]     BUILD_DIR has compile_commands.json; no FILE means every source file
#                                                   of lib/, apps/ and tests/ there that awaits something
#
# Headers are seen through the files that include them, templates where they are instantiated. Name the thing first and
# await in the next statement: `auto body = make(...); co_await send(body);`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1
shift
files=("$@")
if ((${#files[@]} == 0)); then
  mapfile -t files < <(python3 - "$build/compile_commands.json" "$here/../.." <<'PYTHON'
import json, os, sys
commands, root = sys.argv[1], os.path.realpath(sys.argv[2])
for entry in json.load(open(commands)):
    path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
    part = os.path.relpath(path, root).split(os.sep)[0]
    if part in ("lib", "apps", "tests") and any(word in open(path).read() for word in ("co_await", "co_return")):
        print(path)
PYTHON
  )
fi
if ((${#files[@]} == 0)); then
  echo "coroutine-traps.sh: nothing to look at in $build/compile_commands.json" >&2
  exit 2
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
# shellcheck disable=SC2016
printf '%s\0' "${files[@]}" | xargs -0 -n 3 -P "$(nproc)" bash -c '
  build=$1 query=$2 results=$3; shift 3
  clang-query-14 -p "$build" --extra-arg=-Wno-everything -f "$query" "$@" > "$(mktemp "$results/XXXXXX")" 2>&1' \
  _ "$build" "$here/gcc12-coroutine-traps.query" "$results" || true

# A file that clang cannot read was not looked at.
if grep -hE 'error:|^Error' "$results"/*; then
  exit 2
fi
if ! grep -qE '^[0-9]+ matches?\.$' "$results"/*; then
  cat "$results"/* >&2
  exit 2
fi
found=$(grep -hA1 '"gcc12" binds here' "$results"/* | grep -v '^--$' | paste - - | sort -u || true)
if [[ -n $found ]]; then
  echo "${found//: note: \"gcc12\" binds here/}"
  echo "g++ 12 gets these wrong inside an expression with co_await: name the thing first, await in the next statement"
  exit 1
fi
echo "${#files[@]} files, nothing found"
