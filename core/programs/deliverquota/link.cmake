qmail_program(deliverquota LIBRARIES mailbox)
