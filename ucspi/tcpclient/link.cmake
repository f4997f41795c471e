qmail_program(tcpclient LIBRARIES ucspi)
