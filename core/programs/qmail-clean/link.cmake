qmail_program(qmail-clean STAYS LIBRARIES queue)
