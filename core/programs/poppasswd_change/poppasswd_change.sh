#!/bin/sh
# poppasswd_change: the password of a login of /etc/poppasswd. See poppasswd_change(8).
case $# in
  1) exec @HOME@/bin/qmail-user passwd -- "$1" ;;
  2)
    echo "poppasswd_change: warning: everybody on this machine can see arguments; without the second the password is asked for" >&2
    # printf is the shell's own: the password is in no other program's arguments.
    printf '%s\n' "$2" | @HOME@/bin/qmail-user passwd -- "$1"
    ;;
  *)
    echo "poppasswd_change: usage: poppasswd_change login [ password ]" >&2
    exit 100
    ;;
esac
