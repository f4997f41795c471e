qmail_program(zsuids LIBRARIES activity)
