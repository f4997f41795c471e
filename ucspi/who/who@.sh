#!/bin/sh
# who@: who is logged in at a host. See who@(1).
@HOME@/bin/tcpcat "${1-0}" 11 | @HOME@/bin/delcr | cat -v
