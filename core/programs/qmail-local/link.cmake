qmail_program(qmail-local LIBRARIES mailbox queue)
