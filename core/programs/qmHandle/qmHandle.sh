#!/bin/sh
# qmHandle, qqclean: the options of those programs, for qmail-qctl. See qmHandle(8).
qctl=@HOME@/bin/qmail-qctl
name=${0##*/}

usage() {
  [ -z "$1" ] || echo "$name: $1" >&2
  echo "$name: usage: $name [-a] [-c] [-D] [-l] [-L] [-N] [-R] [-s] [-V] [-mN] [-dN] [-fsender] [-Fregex]" \
    "[-xrecipient] [-Xregex] [-Stext] [-hregex] [-Hregex] [-bregex] [-Bregex] [-tregex] [N ...]" >&2
  exit 100
}

# What stands for itself: qmail-qctl would take these for patterns.
exact() {
  case $1 in
    '' | /* | *[*?]*) usage "not an address: $1" ;;
  esac
}

expression() {
  [ -n "$1" ] || usage 'an empty regular expression'
}

# All arguments are understood before the first is acted on.
numbers=
for option; do
  value=${option#-?}
  case $option in
    -N) numbers=--numbers ;;
    -a | -c | -D | -l | -L | -R | -s | -V) ;;
    -[md]*) case $value in '' | *[!0-9]*) usage "not a message number: $value" ;; esac ;;
    -[fx]*) exact "$value" ;;
    -[FXhHbBt]*) expression "$value" ;;
    -S*) [ -n "$value" ] || usage 'an empty subject' ;;
    '' | *[!0-9]*) usage "no such option: $option" ;;
  esac
done
[ $# -gt 0 ] || usage

# The worst of all exit codes.
status=0
qctl() {
  "$qctl" "$@" || { code=$?; [ "$code" -le "$status" ] || status=$code; }
}

# In the subject, as it is: no character of it means anything else.
subject() {
  escaped=$(printf '%s' "$1" | sed 's/[].[\*^$()+?{|}]/\\&/g')
  qctl delete --header "/^subject:.*$escaped/"
}

for option; do
  value=${option#-?}
  case $option in
    -a) qctl retry --all ;;
    -l) qctl list $numbers ;;
    -L) qctl list $numbers --channel local ;;
    -R) qctl list $numbers --channel remote ;;
    -N) case " $* " in *" -l "* | *" -L "* | *" -R "*) ;; *) qctl list --numbers ;; esac ;;
    -s) qctl stats ;;
    -D) qctl delete --all ;;
    -V) echo "$name, for qmail-qctl" ;;
    -m*) qctl show "$value" ;;
    -d*) qctl delete "$value" ;;
    -f*) qctl delete --sender "$value" ;;
    -F*) qctl delete --sender "/$value/" ;;
    -x*) qctl delete --recipient "$value" ;;
    -X*) qctl delete --recipient "/$value/" ;;
    -S*) subject "$value" ;;
    -h*) qctl delete --header "/$value/" ;;
    -H*) qctl delete --header "/$value/c" ;;
    -b*) qctl delete --body "/$value/" ;;
    -B*) qctl delete --body "/$value/c" ;;
    -t*) qctl retry --recipient "/$value/" ;;
    [0-9]*) qctl delete "$option" ;;
  esac
done
exit "$status"
