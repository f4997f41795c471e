qmail_program(ucspi-tlsc DYNAMIC LIBRARIES ucspi_tls ucspi)
