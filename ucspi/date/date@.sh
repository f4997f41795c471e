#!/bin/sh
# date@: what time it is at a host. See date@(1).
@HOME@/bin/tcpcat "${1-0}" 13 | @HOME@/bin/delcr | cat -v
