#!/usr/bin/env bash
# command_test.sh BRAID_SERP: what the commands print and how they exit.
set -u
program=$1
pages=$(dirname "$0")/pages
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# expect EXIT_CODE PATTERN ARGUMENTS...: stdout and stderr together hold the pattern.
expect() {
  local code=$1 pattern=$2
  shift 2
  local got
  got=$("$program" "$@" 2>&1 </dev/null)
  local status=$?
  if [ $status -ne "$code" ] || ! grep -qE -- "$pattern" <<<"$got"; then
    echo "FAILED braid-serp $*: exit $status, expected $code and /$pattern/ in: $(head -c 600 <<<"$got")"
    failed=1
  fi
}

gzip -c "$pages/google.html" >"$scratch/google.html.gz"
head -c 200 "$scratch/google.html.gz" >"$scratch/cut.html.gz"
: >"$scratch/empty.html"
head -c 5000 /dev/urandom >"$scratch/noise"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "<div>" }' >"$scratch/deep.html"

expect 0 '"title": "First result"' parse --engine google "$pages/google.html"
expect 0 '"link":"https://one.example/a\?b=1"' parse -e google -f jsonl "$scratch/google.html.gz"
expect 0 'google,results,1,First result,https://one.example/a\?b=1,' parse -e google -f csv "$pages/google.html"
expect 0 '"page_kind":"no_results"' parse -e google -f jsonl "$pages/google-no-results.html"
expect 1 '"code":"blocked"' parse -e google -f jsonl "$pages/google.html" "$pages/google-blocked.html"
expect 3 '"code":"blocked"' parse -e google -f jsonl "$pages/google-blocked.html"
expect 1 '"code":"decode_failed"' parse -e google -f jsonl "$scratch/cut.html.gz" "$pages/google.html"
expect 1 '"code":"io_failed"' parse -e google -f jsonl "$scratch/nothing.html" "$pages/google.html"
expect 1 '"code":"io_failed"' parse -e google -f jsonl "$scratch" "$pages/google.html"
expect 1 '"code":"limit_exceeded"' parse -e google -f jsonl "$scratch/deep.html" "$pages/google.html"
expect 3 '"code":"parse_failed"' parse -e google -f jsonl "$scratch/empty.html"
expect 3 '"code":"parse_failed"' parse -e google -f jsonl "$scratch/noise"
expect 3 '"code":"parse_failed"' parse -e google -f jsonl -
expect 2 'unknown engine "nosuch"; known: .*google' parse -e nosuch "$pages/google.html"
expect 2 'engine is required' parse "$pages/google.html"
expect 2 'braid-serp parse: --format: xml not in .csv,json,jsonl' parse -e google --format xml "$pages/google.html"
expect 2 'files is required' parse -e google
expect 3 'cannot read the engine folder' parse -e google --engines "$scratch/nowhere" "$pages/google.html"
expect 2 'subcommand is required'
expect 2 "there is no command 'fetsh'" fetsh ravens
expect 2 'braid-serp engines test: --json takes no value' engines test --json=no "$scratch/set"
expect 2 'Try braid-serp engines show --help' engines show
expect 0 'Examples:' parse --help
expect 0 'Exit codes' --help
expect 0 '^braid-serp [0-9]' --version
expect 0 '^google .*organic_results' engines
expect 0 '^google .*organic_results' engines list
expect 0 '"engine": "bing"' engines show bing
expect 2 'unknown engine' engines show nosuch

"$program" engines show google >"$scratch/mine.json"
expect 0 'google version .* is well formed' engines check "$scratch/mine.json"
sed -i 's/"organic_results": {/"organic_results": {"odd": 1, /' "$scratch/mine.json"
expect 1 'mine.json:[0-9]+:[0-9]+: unknown key "odd"' engines check "$scratch/mine.json"
expect 3 'cannot read' engines check "$scratch/nothing.json"

# A folder of pages with what they must give.
mkdir "$scratch/set"
cp "$pages/google.html" "$pages/google-blocked.html" "$scratch/set"
cat >"$scratch/set/index.jsonl" <<END
{"file": "google.html", "engine": "google", "kind": "results", "exhaustive": true, "organic": [{"url": "https://www.one.example/a/?b=1#x"}, {"url": "https://three.example"}]}
{"file": "google-blocked.html", "engine": "google", "kind": "block"}
{"file": "google.html", "engine": "nosuch"}
END
expect 0 'no definition for nosuch' engines test "$scratch/set"
expect 0 '^google +2 +1.000 +0.500 +0.500 +2$' engines test "$scratch/set"
expect 0 'organic_results.redirect_link +50.0 % of 2' engines test "$scratch/set"
expect 0 '"recall": 0.5' engines test --json "$scratch/set"
expect 0 '"rows_per_page": 2.0' engines test --baseline "$scratch/set"
expect 2 'excludes' engines test --baseline --json "$scratch/set"
expect 3 'index.jsonl is expected' engines test "$scratch"
expect 2 'folder is required' engines test
for i in 1 2 3 4 5 6 7 8 9 10; do echo '{"file": "google.html", "engine": "google"}'; done >"$scratch/set/index.jsonl"
expect 1 'under its baseline: organic_results per page: 2.0 on 10 pages, expected' engines test "$scratch/set"
echo '{"engine": 1' >>"$scratch/set/index.jsonl"
expect 2 'index.jsonl:11: ' engines test "$scratch/set"
: >"$scratch/set/index.jsonl"
expect 3 'engine' engines test "$scratch/set"

# One object a file, in order, whatever the files are.
count=$("$program" parse -e google -f jsonl "$pages/google.html" "$scratch/noise" "$scratch/cut.html.gz" 2>/dev/null | wc -l)
[ "$count" -eq 3 ] || { echo "FAILED: $count objects for 3 files"; failed=1; }
"$program" parse -e google "$pages/google.html" "$pages/google-blocked.html" 2>/dev/null | python3 -m json.tool >/dev/null ||
  { echo "FAILED: the array is no JSON"; failed=1; }
"$program" parse -e google - <"$scratch/google.html.gz" | grep -q "First result" || { echo "FAILED: gzip on stdin"; failed=1; }
"$program" parse -e google "$pages/google.html" >/dev/full 2>"$scratch/said"
[ $? -eq 3 ] && grep -q "cannot write to stdout" "$scratch/said" || { echo "FAILED: a full disk: $(cat "$scratch/said")"; failed=1; }
exit $failed
