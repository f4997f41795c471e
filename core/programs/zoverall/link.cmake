qmail_program(zoverall LIBRARIES activity)
