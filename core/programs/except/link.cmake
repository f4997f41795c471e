qmail_program(except LIBRARIES base)
