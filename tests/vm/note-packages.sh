#!/bin/bash
# note-packages.sh ROOT: write dpkg's records of what mmdebstrap unpacked into ROOT.
#
# Unpacking alone keeps none, and an installer asks dpkg what is there.
set -euo pipefail
root=$1
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
for package in "$root"/var/cache/apt/archives/*.deb; do
  dpkg-deb --field "$package" | sed '/^Package:/a Status: install ok installed'
  echo
done >"$root/var/lib/dpkg/status"
dpkg-deb --field "$root"/var/cache/apt/archives/dpkg_*.deb Architecture >"$root/var/lib/dpkg/arch"
