qmail_program(qmail-clean LIBRARIES queue)
