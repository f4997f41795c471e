qmail_program(tcprulescheck LIBRARIES ucspi)
