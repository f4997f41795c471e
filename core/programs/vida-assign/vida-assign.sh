#!/bin/sh
# vida-assign: where the mail of a virtual user goes. See vida-assign(1).
usage() {
  [ -z "$1" ] || echo "vida-assign: $1" >&2
  echo "vida-assign: usage: vida-assign -a | -d -u name" >&2
  exit 100
}
die() {
  echo "vida-assign: fatal: $1" >&2
  exit 111
}

# Ranges are of ASCII.
export LC_ALL=C
[ "$(id -u)" != 0 ] || usage "run this as the domain owner"
verb='' name=''
while getopts :adu: option; do
  case $option in
    a | d) verb=$verb$option ;;
    u) name=$OPTARG ;;
    *) usage "illegal option, or one without its argument" ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 0 ] || usage "too many arguments"
case $verb in a | d) ;; *) usage "say -a or -d" ;; esac
case $name in
  '') usage "no name is given" ;;
  .* | -* | *[!A-Za-z0-9._+=-]*) usage "not a name: $name" ;;
esac

name=$(printf %s "$name" | tr A-Z a-z)
file=.qmail-$(printf %s "$name" | tr . :)
cd || die "unable to change to $HOME"
if [ "$verb" = d ]; then
  rm "$file" || die "unable to remove $HOME/$file"
  exit 0
fi
umask 077
tmp=$(mktemp .qmail-new.XXXXXX) || die "unable to create a file in $HOME"
trap 'rm -f "$tmp"' EXIT
printf './%s/Maildir/\n' "$name" >"$tmp" || die "unable to write $HOME/$tmp"
# Whole from the first moment, and never in place of another.
ln "$tmp" "$file" || die "unable to make $HOME/$file"
