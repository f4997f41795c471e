#!/bin/sh
# config: make the control files from what DNS says about this host. See config(8).
bin=@HOME@/bin

lower() {
  tr '[:upper:]' '[:lower:]'
}

sorry() {
  echo "Sorry, I couldn't find your host's canonical name in DNS."
  echo "You will have to set up control/me yourself, for instance with config-fast."
  exit 111
}

host=$(uname -n | lower)
echo "Your hostname is $host."
fqdn=$("$bin/dnsfq" "$host" | lower)
[ -n "$fqdn" ] || sorry
echo "Your host's fully qualified name in DNS is $fqdn."

echo "Checking local IP addresses:"
locals=
for ip in $({ "$bin/dnsip" "$fqdn"; "$bin/ipmeprint"; } | tr ' ' '\n' | sort -u); do
  name=$("$bin/dnsptr" "$ip" 2>/dev/null | lower)
  case $name in
    '' | *[!a-z0-9._-]* | [.-]*) echo "$ip: PTR lookup failed. I assume this address has no DNS name." ;;
    *)
      echo "$ip: $name"
      locals="$locals $name"
      ;;
  esac
done

# Each of $locals is one word, checked above.
"$bin/config-fast" "$fqdn" $locals || exit
echo "If there are any other domain names that point to you,"
echo "you will have to add them to control/locals and control/rcpthosts."
echo "You don't have to worry about aliases, i.e., domains with CNAME records."
