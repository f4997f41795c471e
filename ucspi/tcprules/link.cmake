qmail_program(tcprules LIBRARIES ucspi)
