qmail_program(qmail-vacation LIBRARIES queue)
