qmail_program(zrhosts LIBRARIES activity)
