#!/bin/sh
# test.sh [--long]: install what the tests need, build, run every test. --long makes 200 power cuts in place of 20,
# fills a queue with a million messages in place of 20,000, and kills the installer at every point of its way in
# place of a sample.
set -eu
cd "$(dirname "$0")"
long=0
for argument; do
  case $argument in
    --long) long=1 ;;
    *) echo "usage: test.sh [--long]" >&2; exit 1 ;;
  esac
done

failures=$(mktemp)
passing=$failures
trap 'rm -f $passing' EXIT

# Some of what is tested becomes another user, and runs from here then.
at=$(pwd)
while [ "$at" != / ]; do
  if [ -z "$(find "$at" -maxdepth 0 -perm -o=x)" ]; then
    echo "test.sh: warning: other users may not enter $at, so tests that become one will fail: put the source elsewhere, or chmod o+x $at" >&2
  fi
  at=$(dirname "$at")
done

./install.sh --deps
if command -v apt-get >/dev/null; then
  needs="ca-certificates clang curl e2fsprogs fetchmail git groff hostname iproute2 libgtest-dev libnet-ssleay-perl lld llvm mandoc mpop msmtp mutt nsd openssl
         passwd perl procps python3 s-nail strace swaks util-linux xfsprogs"
  # Postfix, Exim, ClamAV, SpamAssassin and mlmmj are only unpacked (tests/support/get-peer), so what they need is asked for here.
  [ -n "$(apt-cache search --names-only '^postfix$')" ] || apt-get update -q
  needs="$needs $(apt-cache search --names-only '^libclang-rt-dev$' | cut -d' ' -f1)"
  needs="$needs $(apt-cache depends postfix exim4-daemon-light clamav | sed -n 's/^  Depends: \(lib[^<]*\)$/\1/p' | sort -u)"
  missing=
  for package in $needs; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
  done
  if [ -n "$missing" ]; then
    # Nothing that these packages bring may start on the host: the tests run them in sandboxes.
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod 755 "$policy"; passing="$passing $policy"; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
  fi
elif command -v dnf >/dev/null; then
  dnf install -y -q clang clang-tools-extra compiler-rt curl fetchmail groff gtest-devel iproute lld llvm mandoc mpop msmtp mutt nsd openssl \
    perl-Net-SSLeay procps-ng python3 s-nail shadow-utils strace swaks util-linux xfsprogs e2fsprogs
fi

export QMAIL_LONG=$long
rm -f build/*/Testing/Temporary/LastTestsFailed.log
jobs=$(nproc)
status=0
for preset in release asan; do
  cmake --preset $preset -DQMAILKIT_TESTS=ON -DQMAILKIT_WERROR=ON >build-$preset.log 2>&1 || { cat build-$preset.log; exit 1; }
  rm -f build-$preset.log
  cmake --build --preset $preset -- -j "$jobs"
done
# What failed, and what it said, stands at the end too, where it is seen.
keep_failures() {  # <preset> <how they were run>
  logs=build/$1/Testing/Temporary
  [ -e $logs/LastTestsFailed.log ] || return 0
  echo "test.sh: failed in $1, $2:"
  awk 'NR == FNR { sub(/^[0-9]*:/, ""); failed[$0]; next }
       / Testing: / { name = $0; sub(/.* Testing: /, "", name) }
       name in failed' $logs/LastTestsFailed.log $logs/LastTest.log
} >>"$failures"
# Many tests wait for something most of their time. What fails beside others has to pass alone, where nobody else
# takes the processors from what it measures; both results are told.
for preset in asan release; do
  ctest --preset $preset -j $((jobs + 1)) && continue
  keep_failures $preset "beside others"
  ctest --preset $preset --rerun-failed && continue
  keep_failures $preset alone
  status=1
done
cat "$failures" >&2
exit $status
