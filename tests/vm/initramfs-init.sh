#!/bin/busybox sh
# The guest's first process: mounts the disk and, over it, the checkout; hands over to FIRST, which
# the kernel's command line may name, else to guest-init.sh.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
while read -r module; do $b insmod "/modules/$module"; done </modules/order

# The disk appears a moment after its driver.
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 100 ]; do
  $b usleep 50000
  tries=$((tries + 1))
done
$b mount -t ext4 /dev/vda /new
# cache=loose: nothing changes under a run, and each import would else ask the host for every file.
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro checkout /new/beatwise
for folder in dev proc sys; do $b mount -o move /$folder /new/$folder; done
# shellcheck disable=SC2086  # words
exec $b switch_root /new ${FIRST:-/bin/bash /beatwise/tests/vm/guest-init.sh}
