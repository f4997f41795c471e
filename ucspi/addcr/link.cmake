qmail_program(addcr LIBRARIES ucspi)
