#!/bin/bash
# From a Raspberry Pi OS or Debian to a device that measures; `install.sh --help` tells the options.
#
# It checks before it changes anything, says what it does, and may be run again at any time.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
# shellcheck source=deploy/words.sh
. "$here/words.sh"
# shellcheck source=deploy/checks.sh
. "$here/checks.sh"
# shellcheck source=deploy/versions.sh
. "$here/versions.sh"
# shellcheck source=deploy/roles.sh
. "$here/roles.sh"
# shellcheck source=deploy/update.sh
. "$here/update.sh"

usage() {
  cat <<'END'
sudo ./install.sh [--role personal|pocket|kiosk] [--owner NAME] [--offline DIR]

  --role R        what this Pi is for; where not said, what it was before, at first personal:
                    personal  the app when you log in, at its keyboard or by ssh
                    pocket    no screen: begins at power-on, steered by a button, told by ear
                    kiosk     full screen from power-on, for everybody who trains here
  --owner NAME    whose data these are: a user of this machine; usually you, for a kiosk "beatwise"
  --offline DIR   no network: everything comes from DIR, the folder that `make bundle` made
  --no-packages   leave Debian's packages alone: only say which are missing

  --check         only look whether it could be installed here; changes nothing
  --update FILE   a newer version from a signed archive, such as /media/usb/beatwise-1.2.0.tar
  --allow-older   with --update: also one that is older than what is here
  --back          back to the version before the last update
  --uninstall     take everything away but your data
END
}

role='' owner='' offline='' packages=yes action=install archive='' older=no
while [ $# -gt 0 ]; do
  case $1 in
    --role) role=${2-} && shift ;;
    --owner) owner=${2-} && shift ;;
    --offline) offline=${2-} && shift ;;
    --update) action=update archive=${2-} && shift ;;
    --stick) action=stick archive=${2-} && shift ;; # for update-from-stick@.service
    --no-packages) packages=no ;;
    --allow-older) older=yes ;;
    --check) action=check ;;
    --back) action=back ;;
    --uninstall) action=uninstall ;;
    --help | -h) usage && exit 0 ;;
    *) stop "unknown option $1; --help tells what can be said" ;;
  esac
  shift || stop "the last option wants a value; --help tells which"
done

settle() {
  # What was not said is as it was at the last installation.
  local ROLE='' OWNER=''
  # shellcheck disable=SC1090,SC1091
  if [ -r "$SETTINGS" ]; then . "$SETTINGS"; fi
  role=${role:-${ROLE:-personal}}
  case $role in personal | pocket | kiosk) ;; *) stop "--role $role: there is personal, pocket, kiosk" ;; esac
  if [ -z "$owner" ] && [ "${ROLE:-$role}" = "$role" ]; then owner=$OWNER; fi
  if [ -z "$owner" ]; then
    case $role in
      kiosk) owner=beatwise ;;
      *) owner=${SUDO_USER:-beatwise} ;;
    esac
  fi
  if [ "$owner" = root ]; then owner=beatwise; fi
  if [ "$owner" != beatwise ] && ! id "$owner" >/dev/null 2>&1; then
    stop "--owner $owner: there is no such user here"
  fi
}

install_here() {
  settle
  source=$(find_source)
  check_machine
  check_data
  check_packages
  check_source
  if [ "$action" = check ]; then
    say "All is well: Beatwise can be installed here as $role"
    return
  fi
  say "Installing Beatwise as $role; its data belong to $owner"
  install_packages
  make_bundle
  make_owner
  make_folders
  local before
  before=$(current_version)
  install_version
  # Where the new one does not pass, nothing has changed for anybody yet.
  self_test "$before"
  switch_to "$id"
  set_role
  start_role "$before"
  forget_old_versions
  say "Done. $(what_now)"
  if [ -n "$still_missing" ]; then
    say "It still lacks: ${still_missing// /, }. What to do stands above; beatwise doctor looks again"
  fi
}

what_now() {
  if [ "$role" != personal ] && ! systemd_runs; then
    echo "It starts at the next power-on"
    return
  fi
  case $role in
    personal) echo "Log in anew as $owner, or type: beatwise" ;;
    pocket) echo "Hold the button for a second to begin, and again to end" ;;
    kiosk) echo "The board is on the screen" ;;
  esac
}

must_be_root
case $action in
  install | check) install_here ;;
  update) update "$archive" "$older" ;;
  stick) update_from_stick "$archive" ;;
  back) go_back_by_hand ;;
  uninstall) uninstall ;;
esac
