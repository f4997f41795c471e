qmail_program(zsuccesses LIBRARIES activity)
