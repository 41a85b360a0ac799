#!/usr/bin/env bash
# Builds the libFuzzer targets with clang 19 and its sanitizers and runs one after the other from its seeds.
#   bash tests/fuzz/run.sh [SECONDS [TARGET...]]     60 seconds for each of all, if nothing is said
# One line a target: executions and "clean", or the file in build/fuzz/found that it fails on. Fails if one does.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
build=build/fuzz
mkdir -p build
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCMAKE_CXX_FLAGS="-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" \
  -DBRAID_FUZZ=ON -DBRAID_WARNINGS=ON -DBRAID_BUILD_APPS=ON -DBRAID_BUILD_TESTS=ON >"$build.log" 2>&1 ||
  { cat "$build.log"; exit 1; }
cmake --build "$build" -j "${JOBS:-2}" --target fuzz_targets >"$build.log" 2>&1 || { tail -40 "$build.log"; exit 1; }

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
mkdir -p "$build/found"
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
status=0
for target in "${targets[@]}"; do
  seeds=tests/fuzz/seeds/${target%_fuzz}
  mkdir -p "$corpus/$target"
  folders=("$corpus/$target")
  [ -d "$seeds" ] && folders+=("$seeds")
  log=$build/$target.log
  if "$build/bin/$target" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -timeout=20 \
    -print_final_stats=1 -artifact_prefix="$build/found/$target-" "${folders[@]}" >"$log" 2>&1; then
    outcome=clean
  else
    outcome="FAILED, see $log and $build/found"
    status=1
  fi
  printf '%-24s %12s executions  %s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$outcome"
done
exit $status
