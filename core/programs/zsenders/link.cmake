qmail_program(zsenders LIBRARIES activity)
