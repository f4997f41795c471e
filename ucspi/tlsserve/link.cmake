qmail_program(tlsserve LIBRARIES ucspi)
