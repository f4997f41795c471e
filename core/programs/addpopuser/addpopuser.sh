#!/bin/sh
# addpopuser: a login for mail only. See addpopuser(8).
exec @HOME@/bin/qmail-user add "$@"
