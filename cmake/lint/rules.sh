#!/usr/bin/env bash
# Rules about the sources that grep can check. Prints what breaks them and fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
sources() { find "$@" \( -name '*.hpp' -o -name '*.cpp' \) -not -path '*/build/*' -print0 | sort -z; }
failed=0

# Past 500 lines a file is two ideas.
if sources lib | xargs -0 wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines, at most 500"; found = 1 } END { exit !found }'; then
  failed=1
fi
# A detached task swallows its exceptions and has no parent to end it.
if sources lib | xargs -0 grep -nE '^[^/]*\bdetached\b' | grep -vE '^\S+\s*(///?|\*)'; then
  echo "no detached tasks in lib/: spawn in a task_group"
  failed=1
fi
# Public headers of modules begin with #pragma once.
while IFS= read -r -d '' header; do
  if ! grep -q '^#pragma once' "$header"; then
    echo "$header: no #pragma once"
    failed=1
  fi
done < <(find lib apps tests -name '*.hpp' -print0)
exit "$failed"
