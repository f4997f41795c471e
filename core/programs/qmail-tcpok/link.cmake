qmail_program(qmail-tcpok LIBRARIES queue)
