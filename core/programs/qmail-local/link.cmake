qmail_program(qmail-local LIBRARIES users mailbox queue)
