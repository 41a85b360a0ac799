#!/usr/bin/env bash
# Compares braid's client with others on the same work, in one run, and prints a table of ratios beside their goals.
#   usage: bash tests/bench.sh [--quick] [--json FILE]
#   --quick      a tenth of the requests: says whether it runs, not how fast
#   --json FILE  the raw figures as well
#
# wrk, h2load and nginx come from Debian; further clients take part where $PEERS_BUILD (or peers-build in the temporary
# folder) has them. Two cores at least: the server has the first, the client the second. Other work on the machine spoils
# the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
bash cmake/install-packages.sh build test bench
mkdir -p build
log=build/bench.log
{ cmake --preset release && cmake --build --preset release -j "$(nproc)" --target http_peer serp_peer task_costs http_cost braid-origin; } > "$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
ulimit -n 20000 2> /dev/null || ulimit -n "$(ulimit -Hn)"
exec python3 tests/bench/peers/goals.py build/release/bin "$@"
