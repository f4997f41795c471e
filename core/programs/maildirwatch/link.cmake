qmail_program(maildirwatch LIBRARIES mailbox)
