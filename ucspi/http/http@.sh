#!/bin/sh
# http@: print a page of a web server. See http@(1).
printf 'GET /%s HTTP/1.0\nHost: %s:%s\n\n' "${2-}" "${1-0}" "${3-80}" |
  @HOME@/bin/tcpclient -RHl0 -- "${1-0}" "${3-80}" sh -c '@HOME@/bin/addcr >&7; exec @HOME@/bin/delcr <&6' |
  awk '!length { body = 1 } length && body'
