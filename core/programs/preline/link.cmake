qmail_program(preline LIBRARIES base)
