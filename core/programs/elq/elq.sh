#!/bin/sh
# elq: move new messages to an mbox, then read it with elm. See elq(1).
@HOME@/bin/maildir2mbox && exec elm "$@"
