#!/bin/sh
# vida-maildirmake: the home and the maildir of a virtual user. See vida-maildirmake(1).
usage() {
  [ -z "$1" ] || echo "vida-maildirmake: $1" >&2
  echo "vida-maildirmake: usage: vida-maildirmake name maildir" >&2
  exit 100
}

# Ranges are of ASCII.
export LC_ALL=C
[ "$(id -u)" != 0 ] || usage "run this as the domain owner"
[ $# = 2 ] || usage
for part; do
  case $part in
    '' | .* | -* | *[!A-Za-z0-9._+=-]*) usage "not a name: $part" ;;
  esac
done
name=$(printf %s "$1" | tr A-Z a-z)
cd || exit 111
umask 077
mkdir -p "$name" || exit 111
exec @HOME@/bin/maildirmake "$name/$2"
