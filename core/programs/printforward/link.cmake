qmail_program(printforward LIBRARIES format)
