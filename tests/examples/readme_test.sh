#!/usr/bin/env bash
# The README's first program is apps/examples/01_get.cpp, to the letter.
set -euo pipefail
cd "$(dirname "$0")/../.."
diff apps/examples/01_get.cpp <(awk '/^```cpp$/ { on = 1; next } /^```$/ && on { exit } on' README.md)
