#!/bin/sh
# What `make test-bluetooth` and `make test-pi` need of the system, on Debian; as root. A second call changes nothing.
set -eu

# ipxe-qemu and seabios are only recommended by qemu on some releases, yet no virtual machine starts
# without them. cpio and the decompressors unpack kernel modules into the initramfs.
packages='
  qemu-system-x86 qemu-system-arm ipxe-qemu seabios
  mmdebstrap debian-archive-keyring e2fsprogs
  kmod cpio gzip xz-utils zstd
  python3 python3-venv
'
missing=
for package in $packages; do
  status=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of words
apt-get install -o DPkg::Lock::Timeout=300 -y -qq --no-install-recommends $missing >/dev/null
