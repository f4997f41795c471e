qmail_program(qmail-run LIBRARIES control users)
