qmail_program(xsender LIBRARIES activity)
