qmail_program(qbiff LIBRARIES mailbox)
