qmail_program(forward LIBRARIES queue)
