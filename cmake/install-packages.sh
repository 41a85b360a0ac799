#!/usr/bin/env bash
# Installs the Debian packages of the named sections of packages.txt that are missing: `install-packages.sh build test`.
# As root or by sudo without a password; else it prints the one command to run, and fails.
set -euo pipefail
list=$(dirname "$0")/packages.txt

missing=()
for section in "$@"; do
  while read -r package; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done < <(awk -v want="# [$section]" '/^#/ { wanted = ($0 == want); next } wanted && NF' "$list")
done
((${#missing[@]})) || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
as_root=()
if ((EUID != 0)); then
  as_root=(sudo -n)
  if ! sudo -n true 2> /dev/null; then
    echo "Some Debian packages are missing. Please run this, then try again:" >&2
    echo "  sudo apt-get update && sudo ${install[*]}" >&2
    exit 1
  fi
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" "${install[@]}" > /dev/null
