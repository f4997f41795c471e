#!/bin/sh
# vida-passwd: virtual users and their passwords. See vida-passwd(1).
user=@HOME@/bin/qmail-user

usage() {
  [ -z "$1" ] || echo "vida-passwd: $1" >&2
  echo "vida-passwd: usage: vida-passwd [ -a | -d ] [ -s ] [ -u name ] [ -p password ]" >&2
  exit 100
}

owner=$(id -un) || exit 111
[ "$(id -u)" != 0 ] || usage "run this as the domain owner"
verb=passwd name='' secret='' password='' has_password=''
while getopts :adsu:p: option; do
  case $option in
    a) verb=add ;;
    d) verb=del ;;
    s) secret=--secret ;;
    u) name=$OPTARG ;;
    p) password=$OPTARG has_password=yes ;;
    *) usage "illegal option, or one without its argument" ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 0 ] || usage "too many arguments"

# Who names nobody means himself, and need not be there yet.
if [ -z "$name" ]; then
  name=$owner
  names=$("$user" list --virtual "$owner") || exit
  case $verb in
    passwd) printf '%s\n' "$names" | cut -f1 | grep -qxF -- "$name" || verb=add ;;
  esac
fi

if [ -n "$has_password" ]; then
  [ $verb != del ] || usage "-d takes no password"
  echo "vida-passwd: warning: everybody on this machine can see arguments; without -p the password is asked for" >&2
  # printf is the shell's own: the password is in no other program's arguments.
  printf '%s\n' "$password" | "$user" $verb --virtual "$owner" $secret -- "$name"
elif [ $verb = del ]; then
  exec "$user" del --virtual "$owner" -- "$name"
else
  exec "$user" $verb --virtual "$owner" $secret -- "$name"
fi
