# shellcheck shell=bash disable=SC2154
# What must hold before anything is changed. A check that fails says what to do about it.

LEAST_MEMORY_MB=350      # a Zero 2 W has 512, less what its firmware takes
LEAST_PLACE_MB=700       # one version, its bytecode, and room to make the next beside it
LEAST_DATA_MB=200
LEAST_BLUEZ=5.55         # what bleak asks for; proved with 5.66 and 5.82

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

free_mb() {
  # Of the nearest folder that exists.
  local path=$1
  while [ ! -d "$path" ]; do path=$(dirname "$path"); done
  df --output=avail -m "$path" | tail -n 1 | tr -d ' '
}

check_writable() {
  local path
  for path; do
    while [ ! -d "$path" ]; do path=$(dirname "$path"); done
    # Root may write everywhere but where the file system itself is read-only.
    [ -w "$path" ] ||
      stop "$path is read-only, so nothing can be installed: sudo mount -o remount,rw $(findmnt -no TARGET -T "$path")"
  done
}

check_machine() {
  command -v dpkg >/dev/null || stop "this is neither Raspberry Pi OS nor Debian"
  local architecture memory_mb
  architecture=$(dpkg --print-architecture)
  case $architecture in
    arm64) machine=aarch64 ;;
    amd64) machine=x86_64 ;;
    armhf | armel) stop "this is a 32-bit system ($architecture): write the 64-bit Raspberry Pi OS onto the card" ;;
    *) stop "no wheels are made for $architecture; arm64 and amd64 are supported" ;;
  esac
  # shellcheck disable=SC1091
  case $(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}") in
    bookworm | trixie) ;;
    *) warn "this is $(. /etc/os-release && echo "$PRETTY_NAME"); tried and tested are bookworm and trixie" ;;
  esac
  memory_mb=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
  [ "$memory_mb" -ge $LEAST_MEMORY_MB ] ||
    stop "this machine has $memory_mb MB of memory; $LEAST_MEMORY_MB are needed (Zero 2 W, 3, 4 or 5)"
  if [ "$(findmnt -no FSTYPE / 2>/dev/null)" = overlay ] && grep -qs overlayroot=\\\|boot=overlay /proc/cmdline; then
    stop "the system is read-only with an overlay, and would forget it all: sudo raspi-config, Performance Options, Overlay File System, No; restart, and again"
  fi
  check_writable "$PLACE" "$DATA" "$UNITS"
  [ "$(free_mb "$PLACE")" -ge $LEAST_PLACE_MB ] ||
    stop "$PLACE has $(free_mb "$PLACE") MB free; $LEAST_PLACE_MB are needed: a card of 8 GB or more"
  [ "$(free_mb "$DATA")" -ge $LEAST_DATA_MB ] ||
    stop "$DATA has $(free_mb "$DATA") MB free; $LEAST_DATA_MB are needed"
  say "This machine: $architecture, $memory_mb MB of memory, $(free_mb "$PLACE") MB free"
}

# One program at a time holds the data. A service of ours gives them up when it is stopped; an app
# that somebody has open does not, and the new service could not start beside it.
check_data() {
  local lock=$DATA/beatwise.lock pid
  if [ "$role" = personal ] || [ ! -e "$lock" ] || flock --nonblock "$lock" true; then return 0; fi
  pid=$(head -c 20 "$lock" | tr -cd 0-9)
  if grep -qs '/beatwise-[a-z]*\.service' "/proc/$pid/cgroup"; then return 0; fi
  stop "Beatwise is open${pid:+ (pid $pid, of $(stat -c %U "/proc/$pid" 2>/dev/null || echo nobody))}: end it there first, then do this again; nothing was changed"
}

# --- Debian's packages: what is needed, and what only some can do without ---------------------------

check_packages() {
  local needed='python3 bluez util-linux' wished=''
  case $role in
    personal) wished='alsa-utils espeak-ng' ;;
    pocket) wished='alsa-utils espeak-ng python3-lgpio' ;;
    kiosk) wished='alsa-utils espeak-ng cage foot seatd fonts-dejavu kbd console-setup-linux' ;;
  esac
  # Only a checkout has a bundle to be made of it; an installed version takes up another role as it is.
  [ -d "$source/wheels" ] || [ -e "$source/../complete" ] || needed="$needed python3-venv git"
  missing='' missed=''
  local package
  for package in $needed; do installed "$package" || missing="$missing $package"; done
  for package in $wished; do installed "$package" || missed="$missed $package"; done
  if [ -n "$missing" ] && { [ "$packages" = no ] || [ -n "$offline" ]; }; then
    stop "these packages are missing: sudo apt install$missing"
  fi
  check_versions
}

found='' # said once
check_versions() {
  local bluez
  if installed python3; then
    python=python3.$(/usr/bin/python3 -c 'import sys; print(sys.version_info.minor)')
    /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      stop "Python 3.11 or newer is needed, this is $python: bookworm or trixie have it"
  fi
  if installed bluez; then
    bluez=$(dpkg-query -W -f '${Version}' bluez)
    dpkg --compare-versions "$bluez" ge $LEAST_BLUEZ ||
      stop "BlueZ $LEAST_BLUEZ or newer is needed, this is $bluez: bookworm or trixie have it"
    if [ -z "$found" ]; then say "Python ${python#python}, BlueZ ${bluez%%-*}"; fi
    found=yes
  fi
}

# Prints the folder that has the wheels, or the checkout from which they are made.
find_source() {
  if [ -n "$offline" ]; then
    [ -d "$offline/wheels" ] || stop "--offline $offline: no folder wheels/ in it; \`make bundle\` makes one"
    realpath "$offline"
  elif [ -d "$here/wheels" ] || [ -e "$here/../complete" ]; then
    echo "$here"
  elif [ -e "$here/../pyproject.toml" ]; then
    realpath "$here/.."
  else
    stop "neither wheels/ nor the source are beside $0; say --offline DIR"
  fi
}

check_source() {
  if [ -d "$source/wheels" ]; then
    local minor=${python#python3.}
    compgen -G "$source/wheels/beatwise-*.whl" >/dev/null || stop "$source/wheels has no beatwise-*.whl"
    compgen -G "$source/wheels/numpy-*-cp3$minor-*_$machine.whl" >/dev/null ||
      stop "$source/wheels has nothing for Python 3.$minor on $machine; make bundle ARGS=\"--machine $machine --python 3.$minor\""
  elif [ ! -e "$source/../complete" ]; then
    getent hosts pypi.org >/dev/null || [ -n "${PIP_INDEX_URL:-}" ] || [ -n "$(pip_is_set_up)" ] ||
      stop "no network: connect this machine, or say --offline DIR with a folder that \`make bundle\` made elsewhere"
  fi
}

pip_is_set_up() { grep -hsE 'index-url|find-links' /etc/pip.conf ~/.config/pip/pip.conf ~/.pip/pip.conf || true; }

install_packages() {
  if [ "$packages" = no ] || [ -n "$offline" ]; then
    [ -z "$missed" ] || warn "not here, and done without: ${missed# } (sudo apt install$missed)"
    return
  fi
  if [ -z "$missing$missed" ]; then return; fi
  say "Installing Debian's packages:$missing$missed"
  apt-get update -qq
  if [ -n "$missing" ]; then
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  fi
  local package
  for package in $missed; do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
      warn "$package cannot be had here; done without"
  done
  check_versions
}
