#!/usr/bin/env bash
# Are all sources formatted as .clang-format says? `format.sh --fix` makes it so. Version 14 decides: versions disagree.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=(--dry-run --Werror)
[[ ${1-} == --fix ]] && mode=(-i)
find lib apps tests \( -name '*.hpp' -o -name '*.cpp' \) -print0 | xargs -0 -n 20 -P "$(nproc)" clang-format-14 "${mode[@]}"
