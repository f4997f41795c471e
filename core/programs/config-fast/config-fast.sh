#!/bin/sh
# config-fast: make the control files for a host of the given name. See config-fast(8).
# Running it again changes nothing; lines that locals and rcpthosts already have stay.
control=@HOME@/control

die() {
  echo "config-fast: fatal: $2" >&2
  exit "$1"
}

# publish FILE: replaces a control file by standard input; readers see the old one or the new one.
publish() {
  new=$control/$1.new
  { cat >"$new" && chmod 644 "$new" && mv -f "$new" "$control/$1"; } ||
    die 111 "unable to write $control/$1"
}

# put FILE LINE: a control file of one line.
put() {
  echo "Putting $2 into control/$1..."
  printf '%s\n' "$2" | publish "$1" || exit
}

# add FILE LINE...: lines that the control file does not have yet.
add() {
  file=$1
  shift
  for line; do
    [ -e "$control/$file" ] && grep -qixF -e "$line" "$control/$file" && continue
    echo "Putting $line into control/$file..."
    # grep '' ends a last line that lacks its newline.
    { [ ! -e "$control/$file" ] || grep '' "$control/$file"; printf '%s\n' "$line"; } |
      publish "$file" || exit
  done
}

[ $# -gt 0 ] || {
  echo "config-fast: usage: config-fast fqdn [ local ... ]" >&2
  exit 100
}
for name; do
  case $name in
    '' | *[!A-Za-z0-9._-]* | [.-]*) die 100 "not a host name: $name" ;;
  esac
done
[ -d "$control" ] || die 111 "unable to find $control"

fqdn=$1
default_domain=$fqdn
plus_domain=$fqdn
case $fqdn in
  *.*.*)
    default_domain=${fqdn#*.}
    plus_domain=${fqdn#"${fqdn%.*.*}".}
    ;;
esac

echo "Your fully qualified host name is $fqdn."
put me "$fqdn"
put defaultdomain "$default_domain"
put plusdomain "$plus_domain"
add locals "$@"
add rcpthosts "$@"
echo "Now qmail will refuse to accept SMTP messages except to the hosts in control/rcpthosts."
echo "Make sure to change rcpthosts if you add hosts to locals or virtualdomains!"
