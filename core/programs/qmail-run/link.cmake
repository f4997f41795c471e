qmail_program(qmail-run STAYS LIBRARIES control log users)
