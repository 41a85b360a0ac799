#!/usr/bin/env bash
# The same searches three times: one after another, at once on one io_context, and at once on two. A search site of our
# own (braid-origin, on loopback) answers, so that nothing leaves this machine. Leaves results.jsonl where it was started.
#
# usage: bash apps/demo.sh [QUERIES]
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."

queries=${1:-120}
at_once=40
latency=100ms
page_bytes=300000

bash cmake/install-packages.sh build
mkdir -p build
echo "Building (the first time takes some minutes)"
if ! cmake --preset release -DBRAID_BUILD_TESTS=OFF > build/demo.log 2>&1; then
  cat build/demo.log
  exit 1
fi
cmake --build --preset release --target braid-origin braid-serp
bin=$PWD/build/release/bin

work=$(mktemp -d)
origin=
cleanup() {
  [[ -n $origin ]] && kill "$origin" 2> /dev/null
  wait 2> /dev/null
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

"$bin/braid-origin" --listen 127.0.0.1:0 --latency "$latency" --page-bytes "$page_bytes" --quiet > "$work/origin" 2>&1 &
origin=$!
address=
for ((i = 0; i < 200 && ${#address} == 0; i++)); do
  sleep 0.05
  address=$(grep -om1 'http://[0-9.:]*' "$work/origin" || true)
done
if [[ -z $address ]]; then
  echo "braid-origin did not start:" >&2
  cat "$work/origin" >&2
  exit 1
fi

words=(coffee bread honey maple river violin copper glacier lantern harbor)
for ((i = 0; i < queries; i++)); do echo "${words[i % ${#words[@]}]} ${words[i / ${#words[@]} % ${#words[@]}]} $i"; done > "$work/queries"

echo
echo "$queries searches of a site that takes $latency to answer and sends pages of $((page_bytes / 1000)) KB"
echo
printf '%-36s %9s %8s %9s %11s %13s %9s\n' '' contexts 'at once' time 'records/s' 'x sequential' 'CPU time'
sequential=
# fetch LABEL CONTEXTS AT_ONCE OUT: one row of the table.
fetch() {
  local wall user system records
  local TIMEFORMAT='%R %U %S'
  if ! { time "$bin/braid-serp" fetch --queries "$work/queries" --engine google --endpoint "google=$address" \
    --contexts "$2" --concurrency "$3" --out "$4" --progress none > /dev/null 2> "$work/summary"; } 2> "$work/time"; then
    cat "$work/summary" >&2
    echo "braid-serp fetch failed" >&2
    exit 1
  fi
  read -r wall user system < "$work/time"
  records=$(wc -l < "$4")
  sequential=${sequential:-$wall}
  awk -v label="$1" -v contexts="$2" -v at_once="$3" -v wall="$wall" -v cpu="$user $system" -v records="$records" -v first="$sequential" '
    BEGIN {
      split(cpu, used, " ")
      printf "%-36s %9d %8d %7.2f s %11.1f %13.1f %7.2f s\n", label, contexts, at_once, wall, records / wall, first / wall, used[1] + used[2]
    }'
}
fetch "one after another" 1 1 "$work/1.jsonl"
fetch "concurrent: one io_context" 1 "$at_once" "$work/2.jsonl"
fetch "parallel and concurrent: two" 2 "$at_once" "$work/3.jsonl"
cp "$work/3.jsonl" "$here/results.jsonl"

# JSON on one line to JSON on many.
pretty() {
  awk '{
    depth = 0; quoted = 0; out = ""
    for (i = 1; i <= length($0); i++) {
      c = substr($0, i, 1)
      if (quoted) {
        out = out c
        if (c == "\\") out = out substr($0, ++i, 1)
        else if (c == "\"") quoted = 0
        continue
      }
      if (c == "\"") { quoted = 1; out = out c }
      else if (c == "{" || c == "[") {
        if (substr($0, i + 1, 1) ~ /[]}]/) { out = out c substr($0, ++i, 1) }
        else { depth++; out = out c "\n" sprintf("%" 2 * depth "s", "") }
      }
      else if (c == "}" || c == "]") { depth--; out = out "\n" (depth ? sprintf("%" 2 * depth "s", "") : "") c }
      else if (c == ",") out = out c "\n" sprintf("%" 2 * depth "s", "")
      else if (c == ":") out = out ": "
      else out = out c
    }
    print out
  }'
}
for record in 1 2; do
  echo
  echo "Record $record of $(wc -l < "$here/results.jsonl"):"
  sed -n "${record}p" "$here/results.jsonl" | pretty > "$work/pretty"
  head -n 56 "$work/pretty"
  lines=$(wc -l < "$work/pretty")
  if ((lines > 56)); then echo "  ... $((lines - 56)) more lines"; fi
done
echo
echo "All records: $here/results.jsonl"
