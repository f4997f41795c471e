#!/bin/sh
# datemail: sendmail, with a Date field in local time. See datemail(1).
exec @HOME@/bin/predate @HOME@/bin/sendmail "$@"
