#!/usr/bin/env bash
# The whole of it on this machine: starts Redis, PostgreSQL, an origin, a server and two workers of its own on loopback,
# sends the server a batch, kills a worker in the middle of it, and shows that nothing is missing. Ends what it started.
#
# usage: cluster.sh [QUERIES]     at most 5000; BRAID_BIN names the folder of the programs (build/release/bin)
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${BRAID_BIN:-build/release/bin}
queries=${1:-1000}
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
for need in "$bin/braid-serp" "$bin/braid-origin" "${postgres:-PostgreSQL}/initdb" "$(command -v redis-server || echo redis-server)" \
    "$(command -v curl || echo curl)"; do
  [[ -x $need ]] || { echo "[skipped] $need is missing; see cmake/packages.txt"; exit 0; }
done

folder=$(mktemp -d)
chmod 755 "$folder"
started=()
finish() {
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

start() { # LOG COMMAND...: in the background; its process id is in $last
  "${@:2}" > "$folder/$1" 2>&1 &
  last=$!
  started+=("$last")
}
wait_for() { # WHAT COMMAND...
  for ((i = 0; i < 1200; i++)); do
    if "${@:2}" > /dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "$1: not within two minutes"
  tail -n 5 "$folder"/*.log
  exit 1
}

# The servers take free ports and sockets in the folder.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
start redis.log redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save "" --appendonly yes
redis=redis://127.0.0.1:$port
wait_for Redis redis-cli -p "$port" ping

mkdir "$folder/pg"
as=()
if [[ $(id -u) == 0 ]]; then
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  chown postgres "$folder/pg"
fi
(cd "$folder/pg" && "${as[@]}" "$postgres/initdb" -D data -U braid -A trust -E UTF8 --locale=C.UTF-8 > /dev/null)
start postgres.log "${as[@]}" "$postgres/postgres" -D "$folder/pg/data" -k "$folder/pg" -c listen_addresses=
wait_for PostgreSQL "$postgres/pg_isready" -h "$folder/pg"
results="postgresql://braid@/postgres?host=$folder/pg"
sql() { "$postgres/psql" -h "$folder/pg" -U braid -Atc "$1" postgres; }

start origin.log "$bin/braid-origin" --listen 127.0.0.1:0 --quiet --latency 50ms --fault reset:0.02,429:0.02 --log "$folder/searches"
wait_for "the origin" grep -q http:// "$folder/origin.log"
origin=$(grep -o 'http://[^ ]*' "$folder/origin.log" | head -1)

start server.log "$bin/braid-serp" serve --listen 127.0.0.1:0 --redis "$redis" --results "$results"
wait_for "the server" grep -q http:// "$folder/server.log"
api=$(grep -o 'http://[^ ]*' "$folder/server.log" | head -1)

worker() { # ADDRESS: each asks from an address of its own
  start "worker-$1.log" "$bin/braid-serp" worker --redis "$redis" --out "$results" --interface "$1" \
    --endpoint google="$origin/google" --rate 200 --concurrency 16 --lease 2
}
figure() { curl -sf "$api/v1/state" | python3 -c 'import json, sys; print(json.load(sys.stdin)["figures"][sys.argv[1]])' "$1"; }

echo "== a batch of $queries requests for the server's API; 200 a second over all workers"
python3 -c 'import json, sys; print(json.dumps({"tasks": [{"engine": "google", "q": f"query number {i}"} for i in range(int(sys.argv[1]))]}))' \
  "$queries" > "$folder/batch"
curl -sf "$api/v1/task/batch" -H 'Content-Type: application/json' -d "@$folder/batch" |
  python3 -c 'import json, sys; a = json.load(sys.stdin); print(a["accepted"], "accepted,", a["refused"], "refused")'
worker 127.0.0.2; one=$last
worker 127.0.0.3
third() { [[ $(figure done) -gt $((queries / 3)) ]]; }
wait_for "a third of the batch" third
echo "== a worker is killed, while requests are under way"
{ kill -9 "$one"; wait "$one" || true; } 2> /dev/null
"$bin/braid-serp" queue --redis "$redis"
echo "== another takes its place"
worker 127.0.0.4
all_over() { [[ $(figure waiting) == 0 ]]; }
wait_for "the end of the batch" all_over
echo "== what there is in the end"
"$bin/braid-serp" queue --redis "$redis"
cut -f 2 "$folder/searches" | sort | uniq -c | sed 's/^ *\([0-9]*\) \(.*\)/the origin was asked \1 times by \2/'
found=$(sql 'SELECT count(DISTINCT query) FROM results')
all=$(sql 'SELECT count(*) FROM results')
answered=$(($(figure done) + $(figure failed)))
echo "PostgreSQL has $all records of $found queries, the API answers $answered; $queries were asked"
[[ $found == "$queries" && $all == "$queries" && $answered == "$queries" ]] && echo "nothing is missing, nothing is there twice"
