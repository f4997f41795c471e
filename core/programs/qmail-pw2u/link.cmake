qmail_program(qmail-pw2u LIBRARIES control users)
