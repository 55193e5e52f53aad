# shellcheck shell=bash disable=SC2034
# Where everything is put, and how it is said.

PLACE=/opt/beatwise
DATA=/var/lib/beatwise
CONFIGURATION=/etc/beatwise
SETTINGS=$CONFIGURATION/device.conf
SIGNERS=$CONFIGURATION/signers
STICKS=/run/media/beatwise
# In memory: it is there under a read-only system too, and nothing is left over after a power cut.
ROLES='pocket kiosk'
# Those with a service of their own.

say() { printf '%s\n' "$*"; }

warn() { printf 'note: %s\n' "$*"; }

stop() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 2
}

must_be_root() { [ "$(id -u)" = 0 ] || stop "this needs root: sudo $0"; }

# With no systemd running (an image being made, a container) units are put in place, not started.
systemd_runs() { [ -d /run/systemd/system ]; }

# What is half made, or mounted, goes away however it ends.
making='' making_version='' mounted=''
tidy() {
  if [ -n "$making" ]; then rm -rf "$making"; fi
  if [ -n "$making_version" ]; then rm -rf "$making_version"; fi
  if [ -n "$mounted" ]; then umount "$mounted" && rmdir "$mounted"; fi
}
trap tidy EXIT
