#!/usr/bin/env bash
# Two workers on one queue, on this machine: starts Redis, PostgreSQL and an origin of its own on loopback, queues a
# batch, kills a worker in the middle of it, and shows that nothing is missing. Ends what it started.
#
# usage: cluster.sh [QUERIES]     BRAID_BIN names the folder of the programs (build/release/bin)
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${BRAID_BIN:-build/release/bin}
queries=${1:-1000}
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
for need in "$bin/braid-serp" "$bin/braid-origin" "${postgres:-PostgreSQL}/initdb" "$(command -v redis-server || echo redis-server)"; do
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
  for ((i = 0; i < 300; i++)); do
    if "${@:2}" > /dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "$1 does not come up"; exit 1
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

start origin.log "$bin/braid-origin" --listen 127.0.0.1:0 --quiet --latency 50ms --fault reset:0.02,429:0.02
wait_for "the origin" grep -q http:// "$folder/origin.log"
origin=$(grep -o 'http://[^ ]*' "$folder/origin.log" | head -1)

worker() { # NAME
  start "$1.log" "$bin/braid-serp" worker --redis "$redis" --out "$results" --endpoint google="$origin/google" \
    --rate 200 --concurrency 16 --lease 2
}

echo "== a queue of $queries requests, 200 a second over all workers"
seq -f 'query number %.0f' "$queries" | "$bin/braid-serp" fetch --queries - --redis "$redis"
worker one; one=$last
worker two
half() { [[ $("$bin/braid-serp" queue --redis "$redis" --json | python3 -c 'import json, sys; print(sum(e["done"] for e in json.load(sys.stdin)["engines"]))') -gt $((queries / 3)) ]]; }
wait_for "a third of the batch" half
echo "== a worker is killed"
kill -9 "$one"
wait "$one" 2>/dev/null || true
"$bin/braid-serp" queue --redis "$redis"
echo "== another takes its place"
worker three
"$bin/braid-serp" fetch --queries /dev/null --redis "$redis" --wait
echo "== what PostgreSQL has"
"$bin/braid-serp" queue --redis "$redis"
found=$(sql 'SELECT count(DISTINCT query) FROM results')
all=$(sql 'SELECT count(*) FROM results')
echo "$all records of $found queries; $queries were asked"
[[ $found == "$queries" && $all == "$queries" ]] && echo "nothing is missing, nothing is there twice"
