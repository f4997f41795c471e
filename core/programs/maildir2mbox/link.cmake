qmail_program(maildir2mbox LIBRARIES mailbox)
