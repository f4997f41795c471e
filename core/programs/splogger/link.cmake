qmail_program(splogger LIBRARIES log)
