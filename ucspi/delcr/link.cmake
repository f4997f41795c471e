qmail_program(delcr LIBRARIES ucspi)
