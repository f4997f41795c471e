qmail_program(qmail-start LIBRARIES control log users)
