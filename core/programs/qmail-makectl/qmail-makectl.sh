#!/bin/sh
# qmail-makectl: the name config had before qmail 1.0. See config(8).
exec @HOME@/bin/config "$@"
