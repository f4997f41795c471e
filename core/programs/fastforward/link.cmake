qmail_program(fastforward LIBRARIES queue)
