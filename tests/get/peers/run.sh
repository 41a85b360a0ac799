#!/bin/sh
# run.sh PROGRAM FILE: runs braid-get against the peer that a script of varnishtest plays.
set -eu
command -v varnishtest >/dev/null || { echo "SKIPPED: no varnishtest"; exit 0; }
exec varnishtest -q -t 60 -D braid_get="$1" "$2"
