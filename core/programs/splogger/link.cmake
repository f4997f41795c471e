qmail_program(splogger)
