#!/usr/bin/env bash
# Builds the Debian package: packaging/debian.sh [BINARY [FOLDER]]
#
# Without a binary it builds one (cargo build --release). The package is written to FOLDER, else to target/debian, and its
# path is the last line of what is said. It needs dpkg-deb, which every Debian has, and gzip.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:-}
folder=${2:-target/debian}
for program in dpkg-deb dpkg gzip; do
  command -v "$program" >/dev/null || { echo "please install $program: a Debian package is built on Debian" >&2; exit 3; }
done
if [ -z "$binary" ]; then
  cargo build --release --locked
  binary=target/release/frist
fi
[ -x "$binary" ] || { echo "$binary: there is no program; name it, or leave it out to build one" >&2; exit 2; }

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# DEBIAN_REVISION tells two packages of one version apart.
version=$version-${DEBIAN_REVISION:-1}
architecture=$(dpkg --print-architecture)
# The newest symbol of the C library that the program asks for says which one it needs.
libc=$(grep -aoE 'GLIBC_2\.[0-9]+' "$binary" | sort -Vu | tail -n 1)
libc=${libc#GLIBC_}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
doc=$root/usr/share/doc/frist

install -D -m 755 "$binary" "$root/usr/bin/frist"
install -D -m 644 packaging/frist.service "$root/lib/systemd/system/frist.service"
install -D -m 644 packaging/frist.toml "$root/etc/frist/frist.toml"
install -d -m 755 "$root/etc/frist/rules"
install -D -m 644 frist.toml "$doc/frist.toml"
install -m 644 README.md ARCHITECTURE.md plan.schema.json "$doc"
install -m 644 docs/*.md "$doc"
install -m 644 packaging/debian/copyright "$doc/copyright"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
chmod 644 "$doc/changelog.gz"

# Manual pages and completions are what the program prints itself.
install -d -m 755 "$root/usr/share/man/man1"
"$binary" man --to "$root/usr/share/man/man1"
gzip -9n "$root"/usr/share/man/man1/*.1
chmod 644 "$root"/usr/share/man/man1/*.gz
completion() {
  install -d -m 755 "$root/$(dirname "$2")"
  "$binary" completions "$1" >"$root/$2"
  chmod 644 "$root/$2"
}
completion bash usr/share/bash-completion/completions/frist
completion zsh usr/share/zsh/vendor-completions/_frist
completion fish usr/share/fish/vendor_completions.d/frist.fish

install -d -m 755 "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: frist
Version: $version
Architecture: $architecture
Maintainer: The frist authors <frist@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: libc6 (>= $libc), libgcc-s1, init-system-helpers (>= 1.54)
Recommends: ca-certificates
Suggests: postgresql
Section: admin
Priority: optional
Description: reminders and escalations until somebody answers for each deadline
 A daemon that loads a plan (goals, measures, deadlines, responsible units) and
 scriptable rules, and sends reminders and escalations by e-mail until somebody
 answers for each deadline. It loses nothing, sends nothing twice, and has a
 reason for every mail that it sent or did not send.
CONTROL
echo /etc/frist/frist.toml >"$root/DEBIAN/conffiles"
install -m 755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN"
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod 644 "$root"/DEBIAN/{control,conffiles,md5sums}

mkdir -p "$folder"
package=$folder/frist_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"
