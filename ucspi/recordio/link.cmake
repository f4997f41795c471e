qmail_program(recordio LIBRARIES ucspi)
