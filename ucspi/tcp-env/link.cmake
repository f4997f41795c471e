qmail_program(tcp-env LIBRARIES ucspi)
