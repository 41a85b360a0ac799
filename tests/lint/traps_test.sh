#!/usr/bin/env bash
# coroutine-traps.sh finds the marked lines of traps.cpp and no others.   usage: traps_test.sh COROUTINE_TRAPS_SH
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '[{"directory": "%s", "command": "g++ -std=c++20 -c traps.cpp", "file": "traps.cpp"}]' "$PWD" > "$work/compile_commands.json"
bash "$1" "$work" "$PWD/traps.cpp" > "$work/found" && { echo "found nothing"; exit 1; }
diff <(grep -n '// trap$' traps.cpp | cut -d: -f1) <(grep -oP 'traps\.cpp:\K[0-9]+' "$work/found" | sort -nu)
