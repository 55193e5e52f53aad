# shellcheck shell=bash disable=SC2154
# What a role means to the system: whose data, which units, what stands in /etc.

UNITS=/etc/systemd/system
OURS="
  $UNITS/beatwise-pocket.service
  $UNITS/beatwise-kiosk.service
  $UNITS/beatwise-pocket.service.d
  $UNITS/beatwise-kiosk.service.d
  $UNITS/beatwise-.service.d
  $UNITS/update-from-stick@.service
  $UNITS/mount-stick@.service
  /etc/udev/rules.d/90-beatwise.rules
  /etc/udev/rules.d/90-beatwise-sticks.rules
  /etc/systemd/journald.conf.d/beatwise.conf
  /etc/systemd/logind.conf.d/beatwise-kiosk.conf
  /etc/sysctl.d/beatwise-kiosk.conf
  /etc/profile.d/beatwise.sh
  /usr/local/bin/beatwise
  /usr/local/sbin/beatwise-setup
"

make_owner() {
  if ! id "$owner" >/dev/null 2>&1; then
    say "Creating the user $owner, who cannot log in"
    useradd --system --user-group --home-dir "$DATA" --no-create-home --shell /usr/sbin/nologin "$owner"
  fi
  # bluetooth: the straps; audio: tones and voice; gpio: a button; video, render, input: a display.
  local group
  for group in bluetooth audio gpio video render input; do
    if getent group $group >/dev/null; then usermod --append --groups $group "$owner"; fi
  done
}

make_folders() {
  install -d -m 0755 "$PLACE" "$PLACE/versions" "$CONFIGURATION"
  install -d -m 0700 -o "$owner" -g "$(id -gn "$owner")" "$DATA"
  # Handed on with all that is in it, where it was somebody else's before.
  find "$DATA" -xdev \! -user "$owner" -exec chown -h "$owner:$(id -gn "$owner")" {} +
  if [ ! -e "$DATA/config.toml" ]; then
    say "Writing $DATA/config.toml, where everything can be set"
    install -m 0600 -o "$owner" -g "$(id -gn "$owner")" "$here/config.toml" "$DATA/config.toml"
  fi
  printf 'ROLE=%s\nOWNER=%s\n' "$role" "$owner" >"$SETTINGS.new"
  mv "$SETTINGS.new" "$SETTINGS"
  # Who may sign updates is settled by the first installation, and by hand after that.
  if [ -e "$here/signers" ] && [ ! -e "$SIGNERS" ]; then
    say "Updates are taken from: $(cut -d ' ' -f 1 "$here/signers" | sort -u | xargs)"
    install -m 0644 "$here/signers" "$SIGNERS"
  fi
}

# Puts in place what the role wants, from the current version, and takes away what another wanted.
set_role() {
  local from=$PLACE/current/deploy other
  install -m 0755 "$from/beatwise" /usr/local/bin/beatwise
  ln -sfn "$PLACE/current/deploy/install.sh" /usr/local/sbin/beatwise-setup
  for other in $ROLES; do
    if [ "$other" != "$role" ]; then remove_unit "beatwise-$other.service"; fi
  done
  case $role in
    personal)
      rm -f /etc/systemd/journald.conf.d/beatwise.conf
      install -D -m 0644 "$from/personal/profile.sh" /etc/profile.d/beatwise.sh
      ;;
    *)
      rm -f /etc/profile.d/beatwise.sh
      install -D -m 0644 "$from/systemd/journald.conf" /etc/systemd/journald.conf.d/beatwise.conf
      put_unit "beatwise-$role.service"
      ;;
  esac
  set_kiosk
  set_stick
  if systemd_runs; then systemctl daemon-reload; fi
}

put_unit() {
  local from=$PLACE/current/deploy/systemd
  install -m 0644 "$from/$1" "$UNITS/$1"
  install -D -m 0644 "$from/beatwise-.service.d/sandbox.conf" $UNITS/beatwise-.service.d/sandbox.conf
  install -d -m 0755 "$UNITS/$1.d"
  rm -f "$UNITS/$1.d/"{owner,wayland}.conf
  if [ "$owner" != beatwise ]; then
    printf '[Service]\nUser=%s\nGroup=%s\n' "$owner" "$(id -gn "$owner")" >"$UNITS/$1.d/owner.conf"
  fi
  if [ "$role" = kiosk ] && installed cage && installed foot && installed seatd; then
    install -m 0644 "$from/kiosk-wayland.conf" "$UNITS/$1.d/wayland.conf"
  fi
  systemctl enable --quiet "$1"
}

remove_unit() {
  if [ ! -e "$UNITS/$1" ]; then return 0; fi
  if systemd_runs; then systemctl stop "$1" || true; fi
  systemctl disable --quiet "$1" || true
  rm -rf "${UNITS:?}/$1" "${UNITS:?}/$1.d"
}

# A keyboard on a kiosk reaches the board and nothing else.
set_kiosk() {
  local from=$PLACE/current/deploy/kiosk
  if [ "$role" = kiosk ]; then
    install -D -m 0644 "$from/logind.conf" /etc/systemd/logind.conf.d/beatwise-kiosk.conf
    install -D -m 0644 "$from/sysctl.conf" /etc/sysctl.d/beatwise-kiosk.conf
    systemctl mask --quiet getty@tty1.service ctrl-alt-del.target
    if installed seatd; then systemctl enable --quiet seatd.service; fi
    if systemd_runs; then
      sysctl --quiet --load /etc/sysctl.d/beatwise-kiosk.conf || true
      systemctl stop 'getty@*.service' || true
      if installed seatd; then systemctl start seatd.service || true; fi
    fi
  elif [ -e /etc/systemd/logind.conf.d/beatwise-kiosk.conf ]; then
    free_the_keyboard
  fi
}

free_the_keyboard() {
  rm -f /etc/systemd/logind.conf.d/beatwise-kiosk.conf /etc/sysctl.d/beatwise-kiosk.conf
  systemctl unmask --quiet getty@tty1.service ctrl-alt-del.target
  say "Keys that lead to other consoles work again after a restart"
}

# A stick is mounted where nothing else does it. A device without a shell is brought up to date by one
# that carries a signed archive.
set_stick() {
  local from=$PLACE/current/deploy/systemd
  if [ "$role" != personal ] && [ -e "$SIGNERS" ]; then
    install -m 0644 "$from/update-from-stick@.service" $UNITS/update-from-stick@.service
    install -D -m 0644 "$from/stick.rules" /etc/udev/rules.d/90-beatwise.rules
  else
    rm -f $UNITS/update-from-stick@.service /etc/udev/rules.d/90-beatwise.rules
  fi
  # A desktop mounts sticks itself, for whoever sits there.
  if [ "$role" != personal ] || ! installed udisks2; then
    install -m 0644 "$from/mount-stick@.service" $UNITS/mount-stick@.service
    install -D -m 0644 "$from/mount-stick.rules" /etc/udev/rules.d/90-beatwise-sticks.rules
  else
    rm -f $UNITS/mount-stick@.service /etc/udev/rules.d/90-beatwise-sticks.rules
  fi
  if systemd_runs; then udevadm control --reload 2>/dev/null || true; fi
}

start_role() {
  local before=$1
  if [ "$role" = personal ] || ! systemd_runs; then return 0; fi
  say "Starting beatwise-$role.service"
  # Type=notify: this returns when it draws or waits for the button, or fails.
  if systemctl restart "beatwise-$role.service"; then return 0; fi
  journalctl --no-pager --lines 20 --unit "beatwise-$role.service" || true
  if [ -n "$before" ] && [ "$before" != "$id" ]; then
    say "It does not start: back to version $before"
    go_back_to "$before"
    stop "version $id does not start; version $before runs again"
  fi
  stop "beatwise-$role.service does not start, as it says above; it is tried again by itself"
}

uninstall() {
  local other bytes path
  for other in $ROLES; do remove_unit "beatwise-$other.service"; done
  if [ -e /etc/systemd/logind.conf.d/beatwise-kiosk.conf ]; then free_the_keyboard; fi
  if systemd_runs; then systemctl stop 'mount-stick@*.service' || true; fi
  for path in $OURS; do rm -rf "$path"; done
  rmdir --ignore-fail-on-non-empty /etc/systemd/journald.conf.d /etc/systemd/logind.conf.d 2>/dev/null || true
  rm -rf "$PLACE" "$CONFIGURATION"
  if systemd_runs; then systemctl daemon-reload; fi
  say "Beatwise is gone. Debian's packages, the user and your data stay:"
  bytes=$(du -sh "$DATA" 2>/dev/null | cut -f 1 || true)
  say "  $DATA (${bytes:-nothing}); to remove them for good: sudo rm -r $DATA"
}
