#!/bin/bash
# build-image.sh KIND SUITE ARCH MIRROR FOLDER [REQUIREMENTS PYTHON]
#
# Makes a Debian virtual machine with BlueZ, from packages alone: FOLDER/vmlinuz, FOLDER/initrd.gz
# and FOLDER/root.ext4. As root; 40 to 90 s on two cores. Nothing of the guest is executed here, so
# a foreign ARCH (amd64, arm64) costs no more than our own.
#
# KIND bench: no systemd; what REQUIREMENTS locks is there, fetched with PYTHON.
# KIND device: as a Pi's system before Beatwise is installed: systemd, dpkg's records, no network.
set -euo pipefail

kind=$1 suite=$2 arch=$3 mirror=$4 folder=$5
here=$(dirname "$(realpath "$0")")
if [ "$kind" = bench ]; then requirements=$(realpath "$6") python=$7; fi
case $suite in bookworm) guest_python=3.11 ;; *) guest_python=3.13 ;; esac
case $arch in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; esac

mkdir -p "$folder"
cd "$folder"

# --- The file system, kernel included ------------------------------------------------------------
# "extract" unpacks and runs no maintainer script: quick, and the same for every architecture. There
# is no apt in it and no "essential" set, so everything the guest runs is named here. The kernel is
# the generic flavour: the cloud flavour has no Bluetooth.
packages=(
  "linux-image-$arch" kmod busybox-static
  base-files base-passwd libc-bin libstdc++6 bash dash coreutils mount util-linux procps iproute2
  dbus bluez python3
)
if [ "$kind" = device ]; then
  packages+=(
    systemd systemd-sysv udev libpam-systemd libpam-modules libpam-runtime login passwd sysvinit-utils
    dpkg grep sed findutils mawk tar gzip hostname ncurses-base ncurses-bin python3-venv
    kbd console-setup-linux
  )
fi
# Of the kernel's 4000 modules, those of the Bluetooth stack (the crypto is for pairing, pwrseq for
# hci_uart on arm64), of the disk, the shared folder, and the ports to the host.
modules=(
  net/bluetooth drivers/bluetooth drivers/power/sequencing net/rfkill crypto arch/x86/crypto
  arch/arm64/crypto lib drivers/virtio drivers/block/virtio_blk.ko drivers/char/hw_random
  drivers/char/virtio_console.ko fs/ext4 fs/jbd2 fs/mbcache.ko fs/9p fs/netfs fs/fscache net/9p
)
if [ "$kind" = device ]; then
  # The display, as a Pi's: a graphics driver under the Linux console.
  modules+=(drivers/gpu/drm/virtio drivers/gpu/drm/*.ko drivers/virtio drivers/dma-buf fs/autofs fs/binfmt_misc.ko)
fi
options=(--aptopt='APT::Install-Recommends "false"')
if [ "$kind" = device ]; then options+=(--extract-hook="$here/note-packages.sh \"\$1\""); fi
for path in man doc locale; do
  options+=(--dpkgopt="path-exclude=/usr/share/$path/*")
done
# trixie keeps modules under /usr/lib, bookworm under /lib.
for lib in /lib /usr/lib; do
  options+=(--dpkgopt="path-exclude=$lib/modules/*/kernel/*")
  for path in "${modules[@]}"; do
    case $path in *.ko) path+='*' ;; *) path+='/*' ;; esac
    options+=(--dpkgopt="path-include=$lib/modules/*/kernel/$path")
  done
done
mmdebstrap --quiet --mode=root --variant=extract --architectures="$arch" \
  --include="$(IFS=,; echo "${packages[*]}")" "${options[@]}" "$suite" root "$mirror"
version=$(basename root/boot/vmlinuz-*)
version=${version#vmlinuz-}
mv "root/boot/vmlinuz-$version" vmlinuz
depmod -b root "$version"

# --- What the maintainer scripts would have made ---------------------------------------------------
cp root/usr/share/base-passwd/passwd.master root/etc/passwd
cp root/usr/share/base-passwd/group.master root/etc/group
echo 'messagebus:x:100:100::/nonexistent:/usr/sbin/nologin' >>root/etc/passwd
printf 'messagebus:x:100:\nbluetooth:x:101:\n' >>root/etc/group
# dbus-daemon warns of users its policy names and the system lacks.
echo 'systemd-network:x:998:998::/:/usr/sbin/nologin' >>root/etc/passwd
rm -rf root/var/run
ln -s /run root/var/run  # where dbus-daemon's socket is looked for
mkdir -p root/var/lib/bluetooth root/beatwise
if [ "$kind" = device ]; then "$here/configure-device.sh" root; fi

# --- What the application stands on, for the guest's Python ----------------------------------------
if [ "$kind" = bench ]; then
  # pip takes a platform tag literally: "manylinux_2_28" does not include the older ones.
  platforms=()
  for glibc in 2014 _2_17 _2_24 _2_26 _2_27 _2_28 _2_31 _2_34; do
    platforms+=(--platform "manylinux${glibc}_$machine")
  done
  "$python" -m pip install --quiet --quiet --disable-pip-version-check --target root/opt/site \
    --no-deps --require-hashes --requirement "$requirements" \
    --implementation cp --python-version "$guest_python" --only-binary=:all: "${platforms[@]}"
fi

# --- The initramfs: busybox, and the modules that mount the disk and the checkout --------------------
mkdir -p initramfs/bin initramfs/modules initramfs/proc initramfs/sys initramfs/dev initramfs/new
cp root/usr/bin/busybox initramfs/bin/ 2>/dev/null || cp root/bin/busybox initramfs/bin/
cp "$here/initramfs-init.sh" initramfs/init
chmod +x initramfs/init
for module in virtio_pci virtio_blk ext4 9pnet_virtio 9p; do
  modprobe -d "$PWD/root" -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
  name=$(basename "$path")
  case $name in
    *.xz) name=${name%.xz} && xz -dc "$path" >"initramfs/modules/$name" ;;
    *.zst) name=${name%.zst} && zstd -qdc "$path" >"initramfs/modules/$name" ;;
    *) cp "$path" initramfs/modules/ ;;
  esac
  echo "$name" >>initramfs/modules/order
done
(cd initramfs && find . | cpio --quiet -o -H newc) | gzip -1 >initrd.gz

# No journal for the bench: it writes to a snapshot that is thrown away. The device's power is cut.
case $kind in bench) form=(-O ^has_journal) size=1G ;; device) form=() size=4G ;; esac
mke2fs -q -t ext4 "${form[@]}" -m 0 -d root root.ext4 "$size" >/dev/null
rm -rf root initramfs
