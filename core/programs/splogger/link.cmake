qmail_program(splogger STAYS LIBRARIES log)
