qmail_program(columnt LIBRARIES activity)
