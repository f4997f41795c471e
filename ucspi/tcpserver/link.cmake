qmail_program(tcpserver LIBRARIES ucspi)
