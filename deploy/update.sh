# shellcheck shell=bash disable=SC2154
# An update from a USB stick: nothing of it runs, or is even unpacked, before its signature is good.

PURPOSE=beatwise-update

# update FILE.tar OLDER: FILE.tar.sig is beside it.
update() {
  local archive=$1 older=$2 signer version
  settle
  [ -e "$SIGNERS" ] || stop "nobody may sign updates yet: put the public key into $SIGNERS (see docs/PI.md)"
  [ -r "$archive" ] || stop "--update $archive: there is no such file"
  [ -r "$archive.sig" ] || stop "$archive.sig is missing: an update is taken only with its signature"
  [ "$(stat -c %s "$archive.sig")" -le 65536 ] || stop "$archive.sig is no signature"
  # The signature is checked on a copy: what is on the stick may change while it is read.
  making=$(mktemp -d "$PLACE/update.XXXXXX")
  [ "$(free_mb "$PLACE")" -ge $(($(stat -c %s "$archive") * 2 / 1048576 + LEAST_PLACE_MB)) ] ||
    stop "$PLACE has too little room for the update"
  cp --no-preserve=all "$archive" "$making/update.tar"
  cp --no-preserve=all "$archive.sig" "$making/update.tar.sig"
  signer=$(ssh-keygen -Y find-principals -n $PURPOSE -f "$SIGNERS" -s "$making/update.tar.sig" 2>/dev/null |
    head -n 1) || true
  [ -n "$signer" ] || stop "$archive is signed by nobody known to this device; nothing was changed"
  ssh-keygen -Y verify -n $PURPOSE -f "$SIGNERS" -I "$signer" -s "$making/update.tar.sig" \
    <"$making/update.tar" >/dev/null 2>&1 ||
    stop "$archive is not what $signer signed; nothing was changed"
  say "Signed by $signer"
  tar -x --no-same-owner --no-same-permissions --strip-components 1 -C "$making" -f "$making/update.tar" 2>/dev/null &&
    [ -r "$making/VERSION" ] && [ -r "$making/install.sh" ] ||
    stop "$archive is no archive of Beatwise, though $signer signed it; nothing was changed"
  rm "$making/update.tar"
  version=$(cat "$making/VERSION")
  if [ "$older" = no ] && is_older "$version" "$(cat "$PLACE/current/deploy/VERSION")"; then
    stop "$archive holds version $version, older than what is here; --allow-older takes it all the same"
  fi
  say "Updating to version $version"
  bash "$making/install.sh" --offline "$making" --no-packages --role "$role" --owner "$owner"
}

is_older() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# update_from_stick DEVICE: called by update-from-stick@.service for a stick named BEATWISE.
update_from_stick() {
  local device=$1 archive
  mounted=$(mktemp -d)
  mount -o ro,nosuid,nodev,noexec "$device" "$mounted"
  archive=$(find "$mounted" -maxdepth 1 -name 'beatwise-*.tar' | sort -V | tail -n 1)
  [ -n "$archive" ] || stop "no beatwise-VERSION.tar on the stick"
  update "$archive" no
}
