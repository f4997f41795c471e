#!/bin/sh
# poppasswd_basic: what a poppasswd could hold, from the system's users. See poppasswd_basic(8).
[ $# -le 1 ] || { echo "poppasswd_basic: usage: poppasswd_basic [ passwd ]" >&2; exit 100; }
exec @HOME@/bin/qmail-user import --show --from passwd "${1:-/etc/passwd}"
