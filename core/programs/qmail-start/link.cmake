qmail_program(qmail-start LIBRARIES users)
