#!/bin/sh
# pinq: move new messages to an mbox, then read it with pine. See pinq(1).
@HOME@/bin/maildir2mbox && exec pine "$@"
