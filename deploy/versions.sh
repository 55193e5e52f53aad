# shellcheck shell=bash disable=SC2154,SC2034
# Each version has a folder of its own under /opt/beatwise/versions. `current` and `previous` are
# links, so that changing over, and going back, is one rename.

program_of() { echo "$PLACE/versions/$1/bin/beatwise"; }

current_version() { basename "$(readlink "$PLACE/current" 2>/dev/null)" 2>/dev/null || true; }

previous_version() { basename "$(readlink "$PLACE/previous" 2>/dev/null)" 2>/dev/null || true; }

point() {
  # A link is replaced by a rename: there is no moment without it.
  ln -sfn "versions/$2" "$PLACE/$1.new"
  mv -Tf "$PLACE/$1.new" "$PLACE/$1"
  sync -f "$PLACE"
}

make_bundle() {
  # From a checkout: the same bundle as for a USB stick, for this machine alone.
  if [ -d "$source/wheels" ] || [ -e "$source/../complete" ]; then return; fi
  say "Fetching the locked packages, and building Beatwise"
  making=$(mktemp -d)
  /usr/bin/python3 "$source/deploy/bundle.py" --machine "$machine" --python "3.${python#python3.}" \
    --out "$making" >/dev/null || stop "the packages could not be fetched; nothing was changed"
  source=$(echo "$making"/beatwise-*/)
  source=${source%/}
}

# Sets `id`; puts the version in place unless it is there already.
install_version() {
  if [ -e "$source/../complete" ]; then # called from an installed version, for another role
    id=$(basename "$(realpath "$source/..")")
    return
  fi
  id=$(cat "$source/VERSION")-$(sha256sum "$source/requirements.txt" | cut -c 1-8)-py3${python#python3.}
  local folder=$PLACE/versions/$id
  if [ -e "$folder/complete" ]; then
    say "Version $id is here already"
    return
  fi
  say "Installing version $id into $folder"
  rm -rf "$folder"
  making_version=$folder
  mkdir -p "$PLACE/versions"
  /usr/bin/python3 -m venv --without-pip "$folder"
  local pip
  pip=$(echo "$source"/wheels/pip-*.whl)
  # pip checks every hash but its own.
  grep -q "sha256:$(sha256sum "$pip" | cut -d ' ' -f 1)" "$source/requirements.txt" ||
    stop "$pip is not what requirements.txt locks; nothing was changed"
  # It would run out of its wheel as well, but Python compiles what it imports from there twice.
  "$folder/bin/python" -m zipfile -e "$pip" "$folder/pip"
  # All but pip itself, which has done its work then. The lock is whole: nothing is left to solve.
  awk '/^[^ #]/ { drop = /^pip==/ } !drop' "$source/requirements.txt" >"$folder/requirements.txt"
  PIP_CONFIG_FILE=/dev/null "$folder/bin/python" -B "$folder/pip/pip" --isolated install --quiet --no-index --find-links "$source/wheels" \
    --no-deps --require-hashes --only-binary :all: --no-compile --disable-pip-version-check --no-cache-dir \
    --root-user-action ignore -r "$folder/requirements.txt" ||
    stop "a package does not match its hash, or is missing; nothing was changed"
  rm -r "$folder/pip" "$folder/requirements.txt"
  link_lgpio "$folder"
  say "Compiling it, which makes every later start five times as fast"
  # But not what is never imported: tests (scipy's alone would take as long as all the rest), and
  # what only colours source code, builds packages, or translates Fortran.
  "$folder/bin/python" -m compileall -q -j 0 -x '/(tests?|pygments|setuptools|f2py)/' "$folder/lib" >/dev/null
  mkdir "$folder/deploy"
  find "$source" -mindepth 1 -maxdepth 1 \! -name wheels -exec cp -r -t "$folder/deploy" {} +
  chmod -R u=rwX,go=rX "$folder"
  touch "$folder/complete"
  sync -f "$folder"
  making_version=''
}

link_lgpio() {
  # What reaches the Pi's pins is Debian's: on PyPI it has to be compiled for newer Pythons.
  local site file
  site=$(echo "$1"/lib/python3.*/site-packages)
  for file in /usr/lib/python3/dist-packages/lgpio.py /usr/lib/python3/dist-packages/_lgpio.*.so; do
    if [ -e "$file" ]; then ln -s "$file" "$site/"; fi
  done
}

# --- Does it work? ----------------------------------------------------------------------------------

as_owner() { runuser -u "$owner" -- env BEATWISE_DATA="$DATA" HOME="$DATA" LC_ALL=C.UTF-8 "$@"; }

# Sets `said`, and `lacking`, what this version finds missing, a word each; fails where the version
# does not even run.
examine() {
  local code=0
  said=$(as_owner timeout 120 "$(program_of "$1")" doctor --role "$role" 2>&1) || code=$?
  lacking=$(awk '$1 == "missing" { print $2 }' <<<"$said" | sort -u)
  # Python ends with 1 as well where it stumbles over itself.
  [ $code -le 1 ] && grep -q '^ok *versions ' <<<"$said"
}

still_missing=''
# The new version may find missing what the old one finds missing too, and nothing else.
self_test() {
  local before=$1 said lacking new worse runs=yes
  say "Self-test (beatwise doctor --role $role):"
  examine "$id" || runs=no
  say "$said"
  [ $runs = yes ] || give_up "version $id does not run on this machine"
  still_missing=$(xargs <<<"$lacking")
  if [ -z "$before" ] || [ "$before" = "$id" ]; then return; fi
  new=$lacking
  examine "$before" || return 0
  worse=$(comm -13 <(echo "$lacking") <(echo "$new") | xargs)
  [ -z "$worse" ] || give_up "version $id finds missing what $before has: $worse"
}

give_up() {
  if [ -n "$(current_version)" ] && [ "$(current_version)" != "$id" ]; then
    rm -rf "${PLACE:?}/versions/$id"
    stop "$1. Version $(current_version) stays as it was"
  fi
  stop "$1"
}

# --- Changing over, and back ------------------------------------------------------------------------

switch_to() {
  local before
  before=$(current_version)
  if [ "$before" = "$1" ]; then return; fi
  if [ -n "$before" ]; then point previous "$before"; fi
  point current "$1"
}

go_back_to() {
  local failed
  failed=$(current_version)
  point current "$1"
  restore_database "$failed"
  rm -f "$PLACE/previous"
  set_role
  systemctl restart "beatwise-$role.service" 2>/dev/null || true
}

# A newer version brings the database up to its own form at its first start, and keeps a copy of
# what was before. An older one could only read the new form.
restore_database() {
  local copy kept
  copy=$(find "$DATA" -maxdepth 1 -name 'beatwise-before-v*.db' -newer "$PLACE/versions/$1/complete" | sort | tail -n 1)
  [ -n "$copy" ] || return 0
  if systemd_runs; then systemctl stop "beatwise-$role.service" 2>/dev/null || true; fi
  kept=beatwise-of-$1
  local ending
  for ending in -wal -shm ''; do
    if [ -e "$DATA/beatwise.db$ending" ]; then mv "$DATA/beatwise.db$ending" "$DATA/$kept.db$ending"; fi
  done
  mv "$copy" "$DATA/beatwise.db"
  say "The database is as it was before the update; what was measured since is kept as $DATA/$kept.db"
}

go_back_by_hand() {
  settle
  local before
  before=$(previous_version)
  [ -n "$before" ] || stop "there is no version before $(current_version)"
  say "Back to version $before"
  go_back_to "$before"
}

forget_old_versions() {
  local folder name
  for folder in "$PLACE"/versions/*/; do
    name=$(basename "$folder")
    if [ "$name" != "$(current_version)" ] && [ "$name" != "$(previous_version)" ]; then
      say "Removing version $name"
      rm -rf "$folder"
    fi
  done
}
