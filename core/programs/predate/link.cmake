qmail_program(predate LIBRARIES format)
