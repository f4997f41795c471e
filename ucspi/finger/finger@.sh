#!/bin/sh
# finger@: what a host tells of a user. See finger@(1).
printf '%s\n' "${2-}" |
  @HOME@/bin/tcpclient -RHl0 -- "${1-0}" 79 sh -c '@HOME@/bin/addcr >&7; exec @HOME@/bin/delcr <&6' |
  cat -v
