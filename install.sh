#!/bin/sh
# install.sh [--deps | --sandbox] [OPTION...]: from a fresh machine to a running mail server.
#
#   (nothing)   installs what the build needs, builds, installs, starts, and sends two test messages.
#               A second run says "nothing to do".
#   --deps      only installs what the build needs
#   --sandbox   does everything in a throw-away overlay of this machine, and leaves no trace
#
# Every other OPTION goes to qmail-install: --answers FILE, --yes, ... Without a terminal, --yes is understood.
set -eu
cd "$(dirname "$0")"

home=/var/qmail
log=/var/log/qmail.log          # where qmail-run writes when there is no systemd
pid_file=/run/qmail-run.pid
build=build/release
patience=60                     # seconds for the test messages to arrive

say() { printf '\n==> %s\n' "$*"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

# --- what the build needs ------------------------------------------------------------------------------------------

# The words of $1 that are not installed packages.
missing_debs() {
  for package in $1; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || printf '%s ' "$package"
  done
}

install_deps() {
  if command -v apt-get >/dev/null; then # Debian, Ubuntu
    needs=$(missing_debs "g++ cmake ninja-build libboost-filesystem-dev nlohmann-json3-dev libarchive-dev libssl-dev libpam0g-dev libcrypt-dev ${1:-}")
    [ -n "$needs" ] || return 0
    say "Installing what the build needs: $needs"
    apt-get update -q
    # shellcheck disable=SC2086 # one argument a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $needs
  elif command -v dnf >/dev/null; then # Fedora
    say "Installing what the build needs"
    # shellcheck disable=SC2086
    dnf install -y -q gcc-c++ cmake ninja-build boost-devel json-devel libarchive-devel openssl-devel pam-devel libxcrypt-devel glibc-static \
      libstdc++-static shadow-utils ${1:+iproute}
  else
    die "neither apt-get nor dnf is here: install a C++20 compiler, cmake, ninja, Boost.Filesystem, nlohmann-json,
  libarchive, OpenSSL 3, PAM and libcrypt (libxcrypt), then build by hand as README.md says"
  fi
}

# --- building and installing ---------------------------------------------------------------------------------------

build_it() {
  say "Building (with $(nproc) jobs)"
  mkdir -p build
  cmake --preset release >"$build.log" 2>&1 || { cat "$build.log" >&2; die "the build cannot be configured; see above"; }
  rm -f "$build.log"
  cmake --build --preset release -- -j "$(nproc)"
}

# Sets $placed to what cmake changed: empty if nothing.
place_it() {
  say "Installing below $home"
  placed=$(cmake --install "$build" | sed -n 's/^-- Installed: //p')
  [ -z "$placed" ] || printf '%s files placed\n' "$(printf '%s\n' "$placed" | wc -l)"
}

transactions() { "$home/bin/qmail-install" --list; }

# Sets $settled if qmail-install found nothing to do.
set_up() {
  say "Setting up"
  before=$(transactions)
  if [ -t 0 ] && [ -t 1 ]; then "$home/bin/qmail-install" "$@"; else "$home/bin/qmail-install" --yes "$@"; fi
  settled=
  [ "$before" != "$(transactions)" ] || settled=yes
  [ -e "$home/users/ids" ] || exit 0 # the person said no
}

# --- running -------------------------------------------------------------------------------------------------------

has_systemd() { [ -d /run/systemd/system ]; }

# The qmail-run that this script started, if it still runs.
own_run() {
  pid=$(cat "$pid_file" 2>/dev/null) && [ "$(readlink "/proc/$pid/exe")" = "$home/bin/qmail-run" ] && echo "$pid"
}

is_running() {
  if has_systemd; then systemctl is-active -q qmail-send qmail-smtpd; else own_run >/dev/null; fi
}

stop_it() {
  if has_systemd; then systemctl stop qmail-smtpd qmail-send; return; fi
  pid=$(own_run) || return 0
  kill "$pid"
  while [ -e "/proc/$pid" ]; do sleep 0.1; done
}

start_it() {
  say "Starting"
  started=$(date '+%Y-%m-%d %H:%M:%S')
  log_start=$(wc -c <"$log" 2>/dev/null || echo 0)
  if has_systemd; then systemctl start qmail-send qmail-smtpd; return; fi
  touch "$log" && chmod 640 "$log"
  setsid "$home/bin/qmail-run" </dev/null >>"$log" 2>&1 &
  echo $! >"$pid_file"
}

# The log since start_it.
show_log() {
  if has_systemd; then
    journalctl -q -o cat --since "$started" -u qmail-send -u qmail-smtpd
  else
    tail -c "+$((log_start + 1))" "$log"
  fi
}

# --- the test messages ---------------------------------------------------------------------------------------------

# Mail for this address goes into a Maildir that exists while the test lasts.
test_user=install-test
test_maildir=$home/alias/$test_user

make_test_mailbox() {
  printf './%s/\n' "$test_user" >"$home/alias/.qmail-$test_user"
  rm -rf "$test_maildir"
  "$home/bin/maildirmake" "$test_maildir"
  chown -R alias "$test_maildir"
}

remove_test_mailbox() { rm -rf "$test_maildir" "$home/alias/.qmail-$test_user"; }

# One SMTP session with this machine, shown line by line. bash, because it can open a connection by itself.
send_by_smtp() {
  bash -s "$1" <<'SESSION'
address=$1
for try in {1..100}; do
  { exec 3<>/dev/tcp/127.0.0.1/25; } 2>/dev/null && break
  sleep 0.1
done
expect() { # the reply, which must begin with $1
  while IFS= read -r -t 60 line <&3; do
    line=${line%$'\r'}
    echo "  < $line"
    [[ $line == [0-9][0-9][0-9]-* ]] && continue
    [[ $line == $1* ]] && return
    break
  done
  exit 1
}
say() { echo "  > $1"; printf '%s\r\n' "$1" >&3; }
expect 220
say "EHLO localhost"; expect 250
say "MAIL FROM:<$address>"; expect 250
say "RCPT TO:<$address>"; expect 250
say "DATA"; expect 354
say "From: $address"
say "To: $address"
say "Subject: a test message over SMTP"
say ""
say "It came in through tcpserver and qmail-smtpd."
say "."; expect 250
say "QUIT"; expect 221
SESSION
}

send_by_command() {
  "$home/bin/sendmail" -t <<MESSAGE
From: $1
To: $1
Subject: a test message through sendmail -t

It came in through qmail-inject.
MESSAGE
}

arrived() { find "$test_maildir/new" -type f | wc -l; }

show_both() {
  for message in "$test_maildir"/new/*; do
    say "$message"
    sed 's/^/  /' "$message"
  done
  say "Their journey, from the log"
  show_log | sed 's/^/  /'
}

test_it() {
  address=$test_user@$(head -n 1 "$home/control/me")
  make_test_mailbox
  trap remove_test_mailbox EXIT
  say "Sending a message to $address over SMTP"
  send_by_smtp "$address" || { show_log; die "the SMTP session failed; above is the log"; }
  say "Sending a message to $address through sendmail -t"
  send_by_command "$address"
  waited=0
  while [ "$(arrived)" -lt 2 ]; do
    [ "$waited" -lt $((patience * 10)) ] || { show_log; die "the messages did not arrive in $patience s; above is the log"; }
    waited=$((waited + 1))
    sleep 0.1
  done
  show_both
  remove_test_mailbox
  trap - EXIT
}

say_what_next() {
  name=$(head -n 1 "$home/control/me")
  say "This machine is a mail server: $name"
  if has_systemd; then
    echo "It runs as the services qmail-send and qmail-smtpd; the log: journalctl -u qmail-send -u qmail-smtpd"
  else
    echo "It runs as process $(cat "$pid_file") (kill it to stop it); the log: $log"
    echo "To start it at boot, or as a container's first process: $home/bin/qmail-run"
  fi
  cat <<NEXT

What to do next:
  a mailbox for a user      as that user: $home/bin/maildirmake ~/Maildir
  mail for postmaster, root waits in $home/alias/Maildir; to have it elsewhere: echo '&you@example.org' > $home/alias/.qmail-root
  more domains              $home/control/locals and rcpthosts, then send HUP to qmail-send
  the world must find it    an MX record for your domain that names $name, and a PTR record for its address
  what every setting says   $home/bin/qmail-showctl
  to read                   docs/tutorial/first-server.md, man -M $home/man qmail-control
  to take it off again      $home/bin/qmail-install uninstall
NEXT
}

# What follows once what the build needs is there and everything is built.
run_it() {
  place_it
  set_up "$@"
  if [ -n "$settled" ] && [ -z "$placed" ] && is_running; then
    say "nothing to do: qmailkit is installed, and it runs"
    return
  fi
  # Programs that run keep the files they started from.
  [ -z "$placed" ] || ! is_running || stop_it
  start_it
  test_it
  [ -n "${in_sandbox:-}" ] || say_what_next
}

# --- the sandbox ---------------------------------------------------------------------------------------------------

sandbox_megabytes=2500 # what the build's packages and the build itself take, in memory

# Namespaces for everything, and a folder to mount on, which outside of them stays empty.
make_sandbox() {
  free=$(awk '/^(MemAvailable|SwapFree):/ { kb += $2 } END { print int(kb / 1024) }' /proc/meminfo)
  [ "$free" -ge "$sandbox_megabytes" ] ||
    die "the sandbox lives in memory and needs $sandbox_megabytes MB; $free MB are free"
  sandbox=$(mktemp -d)
  trap 'rmdir "$sandbox"' EXIT
  unshare --mount --pid --uts --ipc --fork --kill-child ./install.sh --enter-overlay "$sandbox" "$@"
}

# In the namespaces: makes an overlay of / whose changes live in memory, and goes on in it.
enter_overlay() {
  source=$PWD
  sandbox=$1
  shift
  mount -t tmpfs -o size=90%,mode=755 tmpfs "$sandbox"
  root=$sandbox/root
  mkdir "$root" "$sandbox/upper" "$sandbox/work" "$sandbox/source-upper" "$sandbox/source-work"
  mount -t overlay -o "lowerdir=/,upperdir=$sandbox/upper,workdir=$sandbox/work" overlay "$root"
  for folder in run tmp dev; do mount -t tmpfs -o mode=755 tmpfs "$root/$folder"; done
  chmod 1777 "$root/tmp"
  mount -t proc proc "$root/proc"
  mknod -m 666 "$root/dev/null" c 1 3
  mknod -m 666 "$root/dev/zero" c 1 5
  mknod -m 666 "$root/dev/random" c 1 8
  mknod -m 666 "$root/dev/urandom" c 1 9
  mknod -m 666 "$root/dev/tty" c 5 0
  ln -s /proc/self/fd "$root/dev/fd"
  # The source may lie on another filesystem than /, or below /tmp; it is not written to either.
  mkdir -p "$root$source"
  mount -t overlay -o "lowerdir=$source,upperdir=$sandbox/source-upper,workdir=$sandbox/source-work" \
    overlay "$root$source"
  # It may be a link into /run, which is empty in there.
  rm -f "$root/etc/resolv.conf"
  cat /etc/resolv.conf >"$root/etc/resolv.conf" 2>/dev/null || true
  exec chroot "$root" sh -c 'cd "$1"; shift; exec ./install.sh --in-overlay "$@"' sh "$source" "$@"
}

# In the overlay, still with this machine's network: downloads and builds. The rest has a network of its own.
in_overlay() {
  install_deps iproute2
  build_it
  say "From here on without a network: nothing leaves the sandbox"
  unshare --net sh -c 'ip link set lo up; exec ./install.sh --in-sandbox "$@"' sh "$@"
}

run_in_sandbox() {
  in_sandbox=yes
  run_it "$@"
  stop_it
  say "That was a sandbox, and it is gone: this machine is as it was. To install for good: ./install.sh"
}

# --- what was asked for --------------------------------------------------------------------------------------------

[ "$(id -u)" = 0 ] || die "this needs root: it installs packages, adds users and starts services; run it with sudo"
case ${1:-} in
  --deps) install_deps ;;
  --sandbox) shift; make_sandbox "$@" ;;
  --enter-overlay) shift; enter_overlay "$@" ;;
  --in-overlay) shift; in_overlay "$@" ;;
  --in-sandbox) shift; run_in_sandbox "$@" ;;
  *) install_deps; build_it; run_it "$@" ;;
esac
