#!/usr/bin/env bash
# Installs what is missing of the named sections of packages.txt: `bash cmake/install-packages.sh build test`.
#
# As root, or by sudo where it asks for no password; else it prints the one command to run and fails. It asks nothing and
# removes nothing.
set -euo pipefail
cd "$(dirname "$0")"

is_installed() {
  dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null | grep -qx installed
}

missing=()
for section in "$@"; do
  packages=$(awk -v section="[$section]" '/^#/ { if (/^# \[/) on = (index($0, "# " section) == 1); next } on && NF { print $1 }' packages.txt)
  if [[ -z $packages ]]; then
    echo "install-packages.sh: packages.txt has no section [$section]" >&2
    exit 2
  fi
  for package in $packages; do
    is_installed "$package" || missing+=("$package")
  done
done
((${#missing[@]})) || exit 0

# Debian's Boost -dev packages exclude one another. Removing somebody's packages is their decision.
if [[ " ${missing[*]} " == *boost*1.81* ]]; then
  rivals=()
  for package in libboost-dev libboost1.74-dev; do
    if is_installed "$package"; then rivals+=("$package"); fi
  done
  if ((${#rivals[@]})); then
    {
      echo "braid needs Boost 1.81 (libboost1.81-dev), which Debian does not let stand beside: ${rivals[*]}"
      echo "If nothing else on this machine needs their headers, run this, then try again:"
      echo "  sudo apt-get remove ${rivals[*]}"
    } >&2
    exit 1
  fi
fi

install=(apt-get install -y --no-install-recommends "${missing[@]}")
as_root=(env DEBIAN_FRONTEND=noninteractive)
if ((EUID != 0)); then
  if ! sudo -n true 2> /dev/null; then
    {
      echo "Some Debian packages are missing. Run this, then try again:"
      echo "  sudo apt-get update && sudo ${install[*]}"
    } >&2
    exit 1
  fi
  as_root=(sudo -n "${as_root[@]}")
fi

echo "Installing Debian packages: ${missing[*]}"
started=$SECONDS
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Another apt may hold the lock: wait for it. A failed update is no reason to stop: the lists here may do.
"${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update > "$log" 2>&1 || tail -n 5 "$log" >&2
if ! "${as_root[@]}" "${install[@]}" -q --no-remove -o DPkg::Lock::Timeout=300 > "$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "The packages could not be installed: ${install[*]}" >&2
  exit 1
fi
echo "Installed in $((SECONDS - started)) s"
