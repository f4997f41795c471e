qmail_program(qmail-run LIBRARIES control log users)
