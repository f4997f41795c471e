qmail_program(qlist LIBRARIES queue)
