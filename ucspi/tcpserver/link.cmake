qmail_program(tcpserver STAYS LIBRARIES ucspi)
