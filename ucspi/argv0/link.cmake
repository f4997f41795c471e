qmail_program(argv0 LIBRARIES base)
