#!/bin/sh
# rmpopuser: takes a login for mail away. See addpopuser(8).
exec @HOME@/bin/qmail-user del "$@"
