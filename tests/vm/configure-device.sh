#!/bin/bash
# configure-device.sh ROOT: make ROOT boot with systemd, as its packages' scripts would have.
set -euo pipefail
root=$1
etc=$root/etc
units=$etc/systemd/system

# --- Users: systemd-sysusers makes those of its packages at each boot -------------------------------
mkdir -p "$units/systemd-sysusers.service.d"
printf '[Unit]\nConditionNeedsUpdate=\n' >"$units/systemd-sysusers.service.d/always.conf"
sed 's/^\([^:]*\):.*/\1:*:20000:0:99999:7:::/' "$etc/passwd" >"$etc/shadow"
sed 's/^\([^:]*\):.*/\1:*::/' "$etc/group" >"$etc/gshadow"
chmod 0640 "$etc/shadow" "$etc/gshadow"
# What else ConditionNeedsUpdate= would do at the first boot takes minutes and is not wanted.
touch "$etc/.updated" "$root/var/.updated"

# --- Names, time, log-ins ----------------------------------------------------------------------------
cp "$root/usr/share/base-files/profile" "$etc/profile"
cp "$root/usr/share/libc-bin/nsswitch.conf" "$etc/nsswitch.conf"
: >"$etc/machine-id"
echo beatwise-pi >"$etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 beatwise-pi\n' >"$etc/hosts"
echo LANG=C.UTF-8 >"$etc/locale.conf"
ln -sf /usr/share/zoneinfo/Etc/UTC "$etc/localtime"
echo '/dev/vda / ext4 defaults,noatime 0 1' >"$etc/fstab"
# As pam-auth-update writes them.
unix=pam_unix.so
printf '%s\n' "auth [success=1 default=ignore] $unix nullok" 'auth requisite pam_deny.so' \
  'auth required pam_permit.so' >"$etc/pam.d/common-auth"
printf '%s\n' "account [success=1 new_authtok_reqd=done default=ignore] $unix" \
  'account requisite pam_deny.so' 'account required pam_permit.so' >"$etc/pam.d/common-account"
printf '%s\n' "password [success=1 default=ignore] $unix obscure yescrypt" \
  'password requisite pam_deny.so' 'password required pam_permit.so' >"$etc/pam.d/common-password"
for kind in session session-noninteractive; do
  printf '%s\n' 'session [default=1] pam_permit.so' 'session requisite pam_deny.so' \
    'session required pam_permit.so' "session required $unix" >"$etc/pam.d/common-$kind"
done
echo 'session optional pam_systemd.so' >>"$etc/pam.d/common-session"

# As the scripts of base-files and update-alternatives make them.
mkdir -p "$root/usr/local/bin" "$root/usr/local/sbin"
ln -sf mawk "$root/usr/bin/awk"

# --- Units --------------------------------------------------------------------------------------------
enable() { mkdir -p "$units/$2" && ln -sf "/usr/lib/systemd/system/$1" "$units/$2/${3:-$1}"; }
ln -sf /usr/lib/systemd/system/multi-user.target "$units/default.target"
enable bluetooth.service bluetooth.target.wants
ln -sf /usr/lib/systemd/system/bluetooth.service "$units/dbus-org.bluez.service"
enable getty@.service getty.target.wants getty@tty1.service
# A Pi's own units attach its Bluetooth chip to a serial port; here are ours.
cat >"$units/hciattach.service" <<'END'
[Unit]
Description=The Bluetooth chip on its serial port
[Service]
ExecStartPre=/sbin/modprobe -a hci_uart algif_hash algif_skcipher cmac ecb
ExecStart=/usr/bin/btattach --bredr /dev/ttyS0 --protocol h4
Restart=on-failure
[Install]
WantedBy=multi-user.target
END
# The hand of the test on the device: does what the host says, as root.
cat >"$units/agent.service" <<'END'
[Unit]
Description=The hand of the test
DefaultDependencies=no
After=systemd-remount-fs.service
[Service]
ExecStartPre=/sbin/modprobe -a virtio_console virtio_rng virtio_gpu
ExecStart=/usr/bin/python3 -u /beatwise/tests/vm/agent.py
Restart=always
RestartSec=1
OOMScoreAdjust=-900
[Install]
WantedBy=sysinit.target
END
for unit in hciattach.service:multi-user.target.wants agent.service:sysinit.target.wants; do
  mkdir -p "$units/${unit#*:}"
  ln -sf "../${unit%:*}" "$units/${unit#*:}/${unit%:*}"
done
