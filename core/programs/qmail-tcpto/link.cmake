qmail_program(qmail-tcpto LIBRARIES queue)
