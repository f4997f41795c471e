qmail_program(tai64nlocal STAYS LIBRARIES format)
