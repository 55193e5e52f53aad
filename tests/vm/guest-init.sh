#!/bin/bash
# The guest's PID 1. There is no systemd: it mounts, starts D-Bus, runs guest.py, and powers off.
# What it prints, and what bluetoothd says, goes to the console: .vm/log/console.log on the host.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
export PYTHON_COLORS=0 PYTHONPATH=/opt/site:/beatwise:/beatwise/tests PYTHONDONTWRITEBYTECODE=1

mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir -p /run/dbus /dev/shm
mount -t tmpfs tmpfs /dev/shm
# udev would have made these; bash's process substitution and Python's subprocess want them.
ln -sf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr
ip link set lo up

# algif_*: bluetoothd asks the kernel for its hashes and ciphers.
modprobe -a virtio_console virtio_rng hci_uart algif_hash algif_skcipher cmac ecb

dbus-uuidgen >/etc/machine-id
dbus-daemon --system --fork
python3 -u /beatwise/tests/vm/guest.py
echo "guest.py ended with $?"
dmesg --level=err,warn

sync
echo o >/proc/sysrq-trigger
sleep 30  # PID 1 must not end before the power is off
