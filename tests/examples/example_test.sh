#!/usr/bin/env bash
# Runs one example against a braid-origin of its own and compares what it prints.   usage: example_test.sh NAME BIN_DIR
set -euo pipefail
name=$1 bin=$2
work=$(mktemp -d)
children=()
cleanup() {
  for child in "${children[@]}"; do kill -KILL "$child" 2> /dev/null || true; done
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# start PROGRAM ARGS...: in the background; $address is the URL that it prints.
start() {
  "$@" > "$work/address" 2> "$work/errors" &
  children+=($!)
  for ((i = 0; i < 200; i++)); do
    address=$(grep -om1 'http://[0-9.:]*' "$work/address" || true)
    [[ -n $address ]] && return
    sleep 0.05
  done
  echo "$1 did not say where it listens"
  cat "$work/errors"
  exit 1
}

run() {
  "$bin/example_$name" "$@" | tee "$work/out"
}

# prints PATTERN [TIMES]: so many lines of the output match (one, if not said).
prints() {
  local lines
  lines=$(grep -cE "$1" "$work/out" || true)
  if [[ $lines != "${2:-1}" ]]; then
    echo "expected ${2:-1} lines like '$1', found $lines"
    exit 1
  fi
}

# A site whose pages lead to all others, under nginx; $port is where.
serve_tree() {
  mkdir -p "$work/site/a/b" "$work/site/private"
  printf 'User-agent: *\nDisallow: /private/\n' > "$work/site/robots.txt"
  link() { printf '<a href="%s">x</a>\n' "$@"; }
  link a/ a/#top '/a/../' gone.html private/x.html mailto:a@b http://localhost:1/ > "$work/site/index.html"
  link {1..4}.html b/deep.html 'b/with%20space.html' > "$work/site/a/index.html"
  for i in {1..4}; do link / "../a/$i.html#here" b/deep.html > "$work/site/a/$i.html"; done
  link ../ deeper.html > "$work/site/a/b/deep.html"
  link /only-here.html > "$work/site/a/b/deeper.html"
  for page in only-here.html private/x.html 'a/b/with space.html'; do link / > "$work/site/$page"; done
  for ((attempt = 0; attempt < 10; attempt++)); do
    port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cat > "$work/nginx.conf" <<CONF
daemon off; master_process off; pid $work/pid; error_log $work/errors;
events { worker_connections 512; }
http {
  access_log off; types { text/html html; text/plain txt; }
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$port; root $work/site; absolute_redirect off; }
}
CONF
    nginx -c "$work/nginx.conf" -p "$work" -e "$work/errors" &
    children+=($!)
    for ((i = 0; i < 200; i++)); do
      if curl -s -o "$work/probe" "http://127.0.0.1:$port/"; then return; fi
      kill -0 "${children[-1]}" 2> /dev/null || break
      sleep 0.05
    done
  done
  echo "nginx did not start"
  cat "$work/errors"
  exit 1
}

case $name in
  07_server)
    start "$bin/example_$name" 0
    [[ $(curl -sS --max-time 10 "$address/hello?name=you") == "hello, you" ]]
    [[ $(curl -sS --max-time 10 --data ping "$address/echo") == ping ]]
    kill -INT "${children[0]}"
    wait "${children[0]}"  # ends by itself, with success
    exit
    ;;
  10_virtual_time)
    run
    prints '^7 tries, gave up after a day, in 0 real seconds$'
    exit
    ;;
  23_names)
    run
    prints '^asked for shop\.test$'
    prints '^asked for none\.test$'
    prints '^(shop|SHOP)\.test: 127\.0\.0\.1:80$' 3
    prints '^resolve none\.test: not in the table$' 2
    exit
    ;;
  24_scripted_peer)
    run
    prints '^200 (ok|again)$' 2
    prints '^\[hosts: 1 \| connections: 0 active, 1 idle \| waiting: 0\]$'
    prints '^\[hosts: 0 \| connections: 0 active, 0 idle \| waiting: 0\]$'
    prints '^3 connections, 3 requests$'
    exit
    ;;
  14_websocket)
    start python3 "$(dirname "$0")/echo_websocket.py"
    run "ws${address#http}/"
    prints '^hello$'
    exit
    ;;
  22_server_events)
    start python3 "$(dirname "$0")/two_events.py"
    run "$address/"
    prints '^message: one$'
    prints '^other: two$'
    prints . 2
    exit
    ;;
  21_durable)
    run "$work/jobs"
    prints '^found 0 waiting, 0 done$'
    prints '^added 1000$'
    prints '^finished 400$'
    run "$work/jobs" 1100 5000
    prints '^found 600 waiting, 400 done$'
    prints '^added 100$'
    prints '^finished 700$'
    exit
    ;;
  20_crawl)
    command -v nginx > /dev/null || { echo "SKIPPED: no nginx"; exit; }
    serve_tree
    run "http://127.0.0.1:$port/" 100 2
    diff <(cd "$work/site" && find . -name '*.html' ! -path '*/private/*' | sed 's/^\.//; s|/index.html$|/|; s| |%20|' | sort) \
      <(sed -n "s|^200 http://127.0.0.1:$port||p" "$work/out" | sort)
    prints '^404 .*/gone\.html$'
    prints '^- .*/private/x\.html: robots\.txt forbids it$'
    prints . 12
    run "http://127.0.0.1:$port/" 1
    prints . 4
    exit
    ;;
esac

options=()
# Slow enough for the second context's thread to come to its share, on a busy machine too.
[[ $name == 03_contexts ]] && options=(--latency 50ms)
start "$bin/braid-origin" --listen 127.0.0.1:0 --quiet "${options[@]}"
case $name in
  01_get) run "$address/status/200" && prints '^200$' ;;
  02_many) run "$address" 50 && prints '^50 pages, [0-9]{4,} bytes in' ;;
  03_contexts) run "$address" 2 && prints '^context [01]: [1-9][0-9]* pages$' 2 ;;
  04_groups)
    run "$address"
    prints ': [0-9]+ bytes$' 3
    prints '^one failed: .*404'
    prints '^too slow: '
    ;;
  05_pipeline) run "$address" && prints ': [1-9][0-9]* links$' 5 ;;
  06_download)
    run "$address/bytes/5000000" "$work/file" && prints '^5000000 bytes to '
    [[ $(wc -c < "$work/file") == 5000000 ]]
    ;;
  08_own_io_context) run "$address/" && prints '^(callback|future): 200$' 2 ;;
  09_parse) run "$address/search?q=coffee" && prints '^  (https?:/)?/' 10 ;;
  11_cookies)
    printf '127.0.0.1\tFALSE\t/\tFALSE\t0\tseen\tyes\n' > "$work/cookies"
    run "$address/" "$work/cookies" && prints '^next time: seen=yes$'
    grep -q $'^127.0.0.1\tFALSE\t/\tFALSE\t0\tseen\tyes$' "$work/cookies"
    ;;
  12_middleware) run "$address/status/200" && prints '^http://.*/status/200: 200 after .* ms, attempt 1$' ;;
  13_cache) run "$address/status/200" && prints '^200 from the server, 0 s old$' 2 ;;
  15_hsts)
    printf '.example.org "21000101 00:00:00"\n' > "$work/hsts"
    run "$address/status/200" "$work/hsts" && prints '^http: 200$'
    grep -q '^\.example\.org "' "$work/hsts"
    ;;
  16_disk_cache)
    run "$address/status/200" "$work/cache" && prints '^200 from the server$'
    [[ -d $work/cache ]]
    ;;
  17_resume)
    run "$address/bytes/5000000" "$work/file" && prints '^5000000 bytes, 0 of them from an earlier run$'
    [[ $(wc -c < "$work/file") == 5000000 ]]
    ;;
  18_events)
    run "$address/status/200" && prints '^1 (begin|connect|send|first_byte|body) [0-9.e-]+ ms$' 5
    ;;
  19_rates) run "$address/status/200" "$address/status/204" && prints '/status/20[04] 20[04]$' 2 ;;
  *)
    echo "no example called $name" >&2
    exit 2
    ;;
esac
