#!/bin/bash
# build.sh BUNDLE [OUT]: a Debian package that holds a bundle, for one architecture; `make deb`.
#
# `apt install ./beatwise_VERSION_ARCH.deb` then needs no network: the package brings the wheels, and
# its script hands them to install.sh, so that there is one way to install and one to go back.
set -euo pipefail

bundle=$(realpath "$1") out=${2:-$(dirname "$bundle")}
here=$(dirname "$(realpath "$0")")
version=$(cat "$bundle/VERSION")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

case $(ls "$bundle/wheels") in
  *x86_64*aarch64* | *aarch64*x86_64*) echo "build.sh: a package is for one kind of machine, and $bundle is for two" >&2 && exit 2 ;;
  *aarch64*) architecture=arm64 ;;
  *) architecture=amd64 ;;
esac

# Who answers for a package is who builds it, by Debian's own names for that, else who wrote the last
# commit: nobody is made up.
if [ -n "${DEBEMAIL:-}" ]; then
  maintainer="${DEBFULLNAME:-$(id -un)} <$DEBEMAIL>"
else
  maintainer=$(git -C "$here" log -1 --format='%an <%ae>' 2>/dev/null) || maintainer="$(id -un) <$(id -un)@$(hostname -f)>"
fi

held=$tree/usr/share/beatwise/bundle
mkdir -p "$held" "$tree/DEBIAN" "$tree/usr/share/doc/beatwise"
cp -r "$bundle/." "$held"
cp "$here/copyright" "$tree/usr/share/doc/beatwise/copyright"
printf 'beatwise (%s) stable; urgency=medium\n\n  * See CHANGELOG.md in the source.\n\n -- %s  %s\n' "$version" \
  "$maintainer" "$(date -u -R -d "@${SOURCE_DATE_EPOCH:-$(stat -c %Y "$bundle/VERSION")}")" |
  gzip -9n >"$tree/usr/share/doc/beatwise/changelog.gz"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
  -e "s|@MAINTAINER@|$(printf %s "$maintainer" | sed 's/[&|\\]/\\&/g')|" \
  -e "s/@SIZE@/$(du -sk "$tree/usr" | cut -f 1)/" "$here/control" >"$tree/DEBIAN/control"
install -m 0755 "$here/postinst" "$here/prerm" "$tree/DEBIAN/"
find "$tree/usr" -type d -exec chmod 755 {} + -o -type f -exec chmod u=rwX,go=rX {} +
# Wheels are compressed already.
dpkg-deb --root-owner-group -Zgzip -z1 --build "$tree" "$out/beatwise_${version}_$architecture.deb"
