qmail_program(condredirect LIBRARIES queue)
