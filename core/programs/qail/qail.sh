#!/bin/sh
# qail: move new messages to an mbox, then read it with Mail. See qail(1).
@HOME@/bin/maildir2mbox && exec Mail "$@"
