#!/bin/sh
# mailsubj: send standard input to some recipients, under a subject. See mailsubj(1).
[ $# -gt 0 ] || {
  echo "mailsubj: usage: mailsubj subject recip ..." >&2
  exit 100
}
subject=$1
shift
{
  printf 'Subject: %s\nTo: %s\n\n' "$subject" "$*"
  cat
} | @HOME@/bin/qmail-inject
