qmail_program(qmail-pop3d LIBRARIES pop3 mailbox)
