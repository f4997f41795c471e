qmail_program(mconnect-io LIBRARIES ucspi)
