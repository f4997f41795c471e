qmail_program(qmail-qmqpd LIBRARIES smtp)
