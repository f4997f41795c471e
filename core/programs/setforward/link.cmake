qmail_program(setforward LIBRARIES format)
