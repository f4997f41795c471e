qmail_program(zddist LIBRARIES activity)
