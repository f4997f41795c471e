qmail_program(ucspi-tlsd DYNAMIC LIBRARIES ucspi_tls)
