qmail_program(qlist2 LIBRARIES base)
